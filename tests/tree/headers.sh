#!/bin/sh
# Each header compiles on its own, whatever was included before it.

. "$srcdir/tests/tap.sh"
for path in "$srcdir"/core/*.h "$srcdir"/ui/*.h "$srcdir"/src/*.h \
	"$srcdir"/samples/*.h "$srcdir"/tests/*.h
do
	test -f "$path" || continue
	header=${path#"$srcdir"/}
	# shellcheck disable=SC2086 # a list of flags
	errors=$(printf '#include "%s"\n' "$header" |
		$CC $HEADER_FLAGS -Werror -fsyntax-only -x c - 2>&1)
	report $? "$header alone" "$errors"
done
plan
