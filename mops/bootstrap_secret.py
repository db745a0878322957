"""The secrets of an embedded installation: made once, kept in var/, only for its user's eyes."""

import os
import secrets

from mops.bootstrap_places import var


def local_secret(name: str = "secret-key") -> str:
    """Read a secret of this clone, by default the secret key, or make it."""
    path = var() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if kept:
            return kept
        handle = os.open(path, os.O_WRONLY)
    made = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made
