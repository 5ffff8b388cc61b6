themesdir = $(pkgdatadir)/themes
dist_themes_DATA = themes/contrast themes/paper
