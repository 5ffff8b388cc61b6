"""Test Anything Protocol for the Python tests: ok(), skip(), done()."""

import sys

_count = 0
_failed = 0


def ok(passed, what, found=""):
    """One test; `found` is shown where it fails."""
    global _count, _failed
    _count += 1
    what = what.replace("#", "no.").replace("\n", " ")
    print(f"{'' if passed else 'not '}ok {_count} - {what}", flush=True)
    if not passed:
        _failed += 1
        for line in str(found).splitlines():
            print(f"# {line}", flush=True)
    return passed


def skip(what, why):
    global _count
    _count += 1
    print(f"ok {_count} - {what} # SKIP {why}", flush=True)


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)
