#!/usr/bin/env python3
"""Two words prepare this machine by themselves, `demo` and `verify`; all others are Django's."""

import sys


def main():
    """Hand over to the bootstrap, which needs nothing but the standard library."""
    if sys.version_info < (3, 11):  # noqa: UP036  said to those who have an older one
        have = "%d.%d" % sys.version_info[:2]  # noqa: UP031  older Pythons must be able to read this
        sys.exit("MOps needs Python 3.11 or newer; this is Python " + have + ".")
    if sys.platform == "win32":
        sys.exit("MOps runs on Linux and macOS; on Windows use WSL or docker-compose.yml.")
    from mops.bootstrap import main as bootstrap

    sys.exit(bootstrap(sys.argv))


if __name__ == "__main__":
    main()
