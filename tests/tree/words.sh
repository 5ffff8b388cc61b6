#!/bin/sh
# What must not be left lying about in the sources: notes to oneself, and the
# paths of one machine.

. "$srcdir/tests/tap.sh"
cd "$srcdir" || exit 1

# found PATTERN: where the sources match it. The patterns below are written
# so that they do not match themselves.
found()
{
	find .ci bootstrap configure.ac Makefile.am README.md HACKING.md \
		core ui src samples man tests -type f \
		! -name '*.o' ! -name '*.log' ! -name '*.trs' \
		! -name '*.pyc' -exec grep -nIE "$1" {} +
}

test -n "$(found 'esscope')"
report $? "the search finds what is there"
none "no notes to oneself" "$(found '\b(TO[D]O|FIX[M]E|XX[X])\b')"
none "nothing that claims to be unfinished" "$(found 'not imple[m]ented')"
none "no path of one machine" \
	"$(found '(^|[^A-Za-z0-9_.$}])/(ho[m]e|ro[o]t|wo[r]k|Us[e]rs)/')"
# Compiled twice, an object races with itself under make -j.
none "no source is listed twice" "$(cat core/local.mk ui/local.mk src/local.mk |
	grep -oE '(core|ui|src)/[a-z0-9_]+\.[a-z]+' | sort | uniq -d)"
plan
