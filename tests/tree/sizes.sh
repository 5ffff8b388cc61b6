#!/bin/sh
# A person can read it: functions of at most 80 lines, files of at most 600,
# lines of at most 100 columns. esscope_dump.py is one file, however long,
# because users copy it.

. "$srcdir/tests/tap.sh"
command -v ctags >/dev/null 2>&1 && ctags --version | grep -q Universal ||
	skip_all "universal-ctags is not installed"
cd "$srcdir" || exit 1

c_files=$(find core ui src samples man tests -name '*.[ch]' -o -name '*.inc')
texts=$(find bootstrap configure.ac Makefile.am core ui src samples man tests \
	-type f \( -name '*.[ch]' -o -name '*.inc' -o -name '*.def' \
	-o -name '*.sh' -o -name '*.py' -o -name '*.mk' -o -name bootstrap \
	-o -name configure.ac -o -name Makefile.am \))

# shellcheck disable=SC2086 # file names without blanks
functions=$(ctags --languages=C --langmap=C:.c.h.inc --kinds-C=f --fields=ne \
	--sort=no -f - $c_files | awk -F '\t' '
	/^!/ { next }
	{
		line = end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		print end - line + 1, $2 ":" $1
	}')
test -n "$functions"
report $? "ctags finds functions"
none "functions have at most 80 lines" \
	"$(printf '%s\n' "$functions" | awk '$1 > 80')"
# shellcheck disable=SC2086
none "files have at most 600 lines" \
	"$(wc -l $texts | awk '$1 > 600 && $2 != "total" &&
		$2 != "samples/esscope_dump.py"')"
none "lines have at most 100 columns" "$(for file in $texts; do
	expand "$file" | LC_ALL=C.UTF-8 grep -nE '^.{101,}' | sed "s|^|$file:|"
done)"
plan
