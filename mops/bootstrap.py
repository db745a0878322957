"""What manage.py does before Django: its own two words, and the right Python for all others."""

import importlib.util
import os
import sys

from mops.bootstrap_children import stoppable
from mops.bootstrap_console import Trouble, complain
from mops.bootstrap_demo import demo
from mops.bootstrap_places import PYTHON
from mops.bootstrap_secret import local_secret
from mops.bootstrap_verify import verify

WORDS = {"demo": demo, "verify": verify}
NOT_SET_UP = (
    "MOps is not set up here yet: run `python3 manage.py demo` first, it installs what is needed."
)
ASKED_TO_STOP = 130
CONFIGURED_BY = ("SECRET_KEY", "SECRET_KEY_FILE", "DEBUG", "DATABASE_URL", "DATABASE_URL_FILE")


def main(argv: list[str]) -> int:
    """Do one of our words, or hand over to Django; every failure is one or two plain lines."""
    word = argv[1] if len(argv) > 1 else ""
    if word not in WORDS:
        return django(argv)
    try:
        with stoppable():
            return WORDS[word](argv[2:])
    except Trouble as trouble:
        complain(str(trouble))
    except KeyboardInterrupt:
        complain("Stopped.")
        return ASKED_TO_STOP
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        complain(f"The system refused: {error.strerror or error}{where}.")
    return 1


def django(argv: list[str]) -> int:
    """Run a management command with the clone's own packages, by default on its own data."""
    if PYTHON.exists() and sys.prefix == sys.base_prefix:
        os.execv(PYTHON, [str(PYTHON), *argv])  # noqa: S606  no shell is the point
    if importlib.util.find_spec("django") is None:
        complain(NOT_SET_UP)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mops.settings")
    if not any(os.environ.get(name) for name in CONFIGURED_BY):
        os.environ["MOPS_EMBEDDED"] = "1"
        os.environ["SECRET_KEY"] = local_secret()
        os.environ.setdefault("CREDENTIALS_KEY", local_secret("credentials-key"))
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)
    return 0
