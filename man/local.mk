dist_man_MANS += man/esscope.1
dist_man_MANS += man/esscope-dump.5
