#!/bin/sh
# The manual pages are well-formed, and esscope(1) knows the options and keys
# that the program has: no fewer, no more.

. "$srcdir/tests/tap.sh"
command -v mandoc >/dev/null 2>&1 || skip_all "mandoc is not installed"

# A page that is not installed yet cannot be found by the other.
for page in "$srcdir"/man/*.[1-8]; do
	none "mandoc has nothing to say on ${page##*/}" \
		"$(mandoc -T lint -W all "$page" 2>&1 |
			grep -v 'referenced manual not found')"
done

written=$(mktemp) || exit 1
trap 'rm -f "$written"' EXIT
for what in keys definitions; do
	sed -n "/BEGIN $what/,/END $what/p" "$srcdir/man/esscope.1" |
		sed '1d;$d' >"$written"
	differences=$("$builddir/man/$what" | diff "$written" - 2>&1)
	report $? "esscope(1) has the $what of the program; else: make man-keys" \
		"$differences"
done

# The long options in a text, one a line.
options()
{
	grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

said=$(for command in '' view info compute diff spectrum render; do
	"$builddir/esscope" $command --help || echo "--help-of-$command-fails"
done | options)
written=$(grep -oE '\bFl -[a-z][a-z0-9-]*' "$srcdir/man/esscope.1" |
	sed 's/^Fl -/--/' | options)

test "$(echo "$said" | wc -l)" -gt 10
report $? "the program tells its options"
none "esscope(1) has every option" "$(echo "$said" | grep -vxF -e "$written")"
none "esscope(1) has no other option" "$(echo "$written" | grep -vxF -e "$said")"
plan
