"""Test Anything Protocol for python tests: ok() a line each, done() at the end.

import_or_skip() ends a test with its reason where a module is missing.
"""
import importlib
import os
import sys

sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace",
                       line_buffering=True)

BUILD = os.path.abspath(os.environ.get("builddir", "."))
SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
ESSCOPE = os.path.join(BUILD, "esscope")

_count = 0
_failed = 0


def ok(passed, what, detail=""):
    """One test; detail (any text) follows as comments when it failed."""
    global _count, _failed
    _count += 1
    print(f"{'' if passed else 'not '}ok {_count} - {what}")
    if not passed:
        _failed += 1
        for line in str(detail).splitlines():
            print("#", line)
    return bool(passed)


def skip(what, why):
    global _count
    _count += 1
    print(f"ok {_count} - {what} # SKIP {why}")


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def import_or_skip(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        skip_all(f"python3 has no {name}")


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)
