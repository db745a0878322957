"""`python -m mops.probe URL`: exit 0 when MOps says there that it is well; for health checks."""

import json
import sys
import urllib.error
import urllib.request

WELL = {"app": "mops", "status": "ok"}
PATIENCE = 5.0


def is_well(url: str) -> bool:
    """Ask once, without waiting long."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  our own address
            return bool(json.loads(answer.read(1000)) == WELL)
    except (OSError, ValueError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1]) else 1)
