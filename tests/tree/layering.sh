#!/bin/sh
# The layers go one way, src -> ui -> core, and curses stays in one file. Said
# twice: by what the sources include, and by what the objects refer to.

. "$srcdir/tests/tap.sh"
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT

# includes PATTERN FOLDER...: the lines there that include such a header.
includes()
{
	pattern=$1
	shift
	(cd "$srcdir" && grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$pattern" \
		-r --include='*.[ch]' --include='*.def' "$@")
}

none "core includes nothing of ui or src" "$(includes '(ui|src)/' core)"
none "ui includes nothing of src" "$(includes 'src/' ui)"
none "no part of the program includes tests or samples" \
	"$(includes '(tests|samples)/' core ui src)"
none "only ui/tty_curses.c includes curses" "$(includes \
	'(ncursesw?/)?(n?curses|term(cap)?|panel|menu|form)\.h' \
	core ui src samples | grep -v '^ui/tty_curses\.c:')"

# undefined ARCHIVE: "object symbol", what its objects want from outside.
undefined()
{
	${NM:-nm} -A -P -u "$1" | sed 's/^[^[]*\[\([^]]*\)\]: */\1 /' |
		awk '{ print $1, $2 }'
}

defined()
{
	${NM:-nm} -P --defined-only "$@" 2>/dev/null |
		awk 'NF > 1 { print $1 }' | sort -u
}

# What the curses libraries themselves export.
for name in ncursesw tinfo; do
	library=$($CC -print-file-name=lib$name.so.6)
	test ! -e "$library" || ${NM:-nm} -D -P --defined-only "$library"
done | awk '{ sub(/@.*/, "", $1); print $1 }' | grep -v '^_' |
	sort -u >"$temp/curses"

# Outside references of the objects of $1 to a symbol listed in file $2.
references()
{
	defined libcore.a libui.a >"$temp/own"
	undefined "$1" | awk -v wanted="$2" -v own="$temp/own" '
		BEGIN {
			while ((getline name < wanted) > 0) list[name] = 1
			while ((getline name < own) > 0) delete list[name]
		}
		$2 in list'
}

if test -s "$temp/curses"; then
	none "no object of libcore.a refers to curses" \
		"$(references libcore.a "$temp/curses")"
	none "only tty_curses.o of libui.a refers to curses" \
		"$(references libui.a "$temp/curses" |
			grep -v -- '-tty_curses\.o ')"
else
	report 0 "objects and curses # SKIP the curses library was not found"
fi

# Only programs print and end; util.c dies without memory, and curses
# writes to standard output.
printf '%s\n' stdout stderr printf vprintf puts putchar perror \
	__printf_chk __vprintf_chk exit _exit _Exit quick_exit \
	err errx warn warnx >"$temp/forbidden"
none "no object of libcore.a prints or exits, but for util.o" \
	"$(references libcore.a "$temp/forbidden" | grep -v -- '-util\.o ')"
none "no object of libui.a prints or exits, but for tty_curses.o" \
	"$(references libui.a "$temp/forbidden" |
		grep -v -- '-tty_curses\.o ')"
plan
