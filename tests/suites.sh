# What `./bootstrap check` runs, sourced by it: make distcheck, which is the
# plain suite from the tarball; the suite under AddressSanitizer and UBSan, the
# worker tests under ThreadSanitizer, and a clang build in which every warning
# is an error. Those have trees of their own, so that the next run compiles
# only what changed.

passed=0
failed=0
failures=$(mktemp) || exit 1
trap 'rm -f "$failures"' EXIT

# Most tests of the screen wait for it half of their time.
side_by_side=$((2 * $(nproc)))

# Something that is no test of a suite: `one "what" command...`.
one()
{
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		say "  failed: $what"
	fi
}

# The totals in file $1 as automake wrote them: passed failed skipped.
totals()
{
	awk '
		/^# (PASS|XFAIL):/ { good += $3 }
		/^# (FAIL|XPASS|ERROR):/ { bad += $3 }
		/^# SKIP:/ { left += $3 }
		END { print good + 0, bad + 0, left + 0 }' "$1" 2>/dev/null
}

# What tree $1 skipped, and the lines that say what failed; the latter once
# more at the very end, where who sees only the end of a log looks.
show_failures()
{
	grep -rhi --include='*.log' '^ok.*# skip\|^1\.\.0' "$1/tests" |
		sed 's/^/  skipped: /'
	grep -rlE --include='*.trs' '^:test-result: (FAIL|ERROR|XPASS)' \
		"$1/tests" | sed 's/trs$/log/' | while read -r log; do
		say "  failed: $log"
		grep -v '^[A-Z]*: tests/' "$log" >"$tree/failure.log"
		grep -A 8 '^not ok\|^Bail out' "$tree/failure.log" |
			head -n 60
		echo '  ... and its last lines:'
		tail -n 15 "$tree/failure.log"
	done 2>&1 | tee -a "$failures"
}

# suite TREE TARGET [COMMAND...]: makes TARGET in TREE, through COMMAND.
# A suite that ran nothing has failed.
suite()
{
	tree=$1
	target=$2
	shift 2
	rm -f "$tree/test-suite.log"
	"$@" timeout -k 10 1200 make -s -j"$side_by_side" -C "$tree" "$target" \
		>"$tree/make.log" 2>&1 </dev/null
	result=$?
	read -r good bad left <<-EOF
		$(totals "$tree/test-suite.log")
	EOF
	say "  $good ok, $bad not ok, $left skipped"
	passed=$((passed + good))
	failed=$((failed + bad))
	test "$good$bad$left" = 000 || show_failures "$tree"
	test $((good + bad)) -gt 0 && test "$result" = 0 && return
	test "$bad" -gt 0 && return
	tail -n 40 "$tree/make.log"
	failed=$((failed + 1))
	say "  failed: make $target in $tree/ (status $result)"
}

# suite_in TREE TARGET ARGUMENT...: configures, then the suite.
suite_in()
{
	tree=$1
	target=$2
	shift 2
	if configure_tree "$tree" "$@"; then
		suite "$tree" "$target" $steady
	else
		one "configuring $tree/" false
	fi
}

# Old runtimes of ThreadSanitizer cannot place their shadow where the kernel
# scatters memory widely; $steady is the command that makes it hold still.
find_steady()
{
	probe=$(mktemp -d) || exit 1
	echo 'int main(void) { return 0; }' |
		${CC:-cc} -fsanitize=thread -x c - -o "$probe/probe"
	"$probe/probe" 2>/dev/null || steady="setarch $(uname -m) -R"
	rm -r "$probe"
}

# Its warnings are the same whatever it optimises. One target after the other:
# `all` is a make of its own, and both at once would compile the libraries twice
# into the same files.
build_with_clang()
{
	configure_tree build-clang --enable-werror CC=clang CFLAGS=-O0 &&
		make_tree build-clang all &&
		make_tree build-clang check-programs
}

# The tarball holds everything, and gcc has no warnings either; nor is there
# any in what does without libdeflate. The tree it leaves where it failed is
# looked at, and would be in the way of the next.
distribute()
{
	rm -f build/make.log
	make -s -j"$side_by_side" -C build distcheck \
		"DISTCHECK_CONFIGURE_FLAGS=--enable-werror \
			--without-libdeflate -q" \
		>build/make.log 2>&1 </dev/null
	result=$?
	read -r good bad left <<-EOF
		$(totals build/make.log)
	EOF
	say "  $good ok, $bad not ok, $left skipped"
	passed=$((passed + good))
	failed=$((failed + bad))
	test "$result" = 0 && test "$good" -gt 0 && return
	tree=$(echo build/esscope-*/_build/sub)
	test ! -d "$tree/tests" || show_failures "$tree"
	tail -n 40 build/make.log
	chmod -R u+w build/esscope-*/ && rm -rf build/esscope-*/
	return 1
}

install_missing "$needed_to_build$needed_to_check"
generate
steady=

say "from the tarball, without warnings by gcc, in build/esscope-*/"
if configure_build && make_tree build all; then
	one "make distcheck" distribute
else
	one "building build/" false
fi

say "under AddressSanitizer and UBSan in build-asan/"
suite_in build-asan check-memory --enable-sanitize=address,undefined 'CFLAGS=-O1 -g'

say "worker tests under ThreadSanitizer in build-tsan/"
find_steady
suite_in build-tsan check-threads --enable-sanitize=thread 'CFLAGS=-O1 -g'

say "without warnings by clang in build-clang/"
one "clang builds without warnings" build_with_clang

test ! -s "$failures" || {
	say "what failed, once more:"
	tail -n 120 "$failures"
}
echo "$passed passed, $failed failed"
test "$failed" -eq 0
exit
