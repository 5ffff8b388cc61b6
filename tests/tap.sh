# Test Anything Protocol for shell tests, sourced: `report STATUS WHAT
# [DETAILS]` is a line each, with the details behind it as comments when the
# status is not 0; `plan` ends the test; `skip_all WHY` ends it before.

tap_count=0
tap_failed=0

report()
{
	tap_count=$((tap_count + 1))
	if test "$1" -eq 0; then
		echo "ok $tap_count - $2"
		return
	fi
	tap_failed=1
	echo "not ok $tap_count - $2"
	test -z "${3-}" || printf '%s\n' "$3" | sed 's/^/# /'
}

# none WHAT LINES: passes when there are no lines.
none()
{
	if test -z "$2"; then
		report 0 "$1"
	else
		report 1 "$1" "$2"
	fi
}

plan()
{
	echo "1..$tap_count"
	exit "$tap_failed"
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}
