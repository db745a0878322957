"""The settings of the tests: the embedded default unless the environment says more, data apart."""

import os
from pathlib import Path

os.environ.setdefault("MOPS_EMBEDDED", "1")
os.environ.setdefault("MOPS_VAR", str(Path(__file__).resolve().parents[1] / "var" / "tests"))

from mops.settings import *  # noqa: F403  the environment had to be said first

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  the static server looks for it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # cheap
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing has to be collected
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": PLAIN}}  # noqa: F405
