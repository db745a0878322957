"""Credentials at rest: encrypted by the keys of the installation, the first of which writes."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"mops connectors"
SHORTEST = 5  # a text of fewer characters is not looked for in an answer: it may stand anywhere
HIDDEN = "•••"


class NoKey(Exception):
    """The installation has no key, or none that opens what is stored."""


def sealed(secrets: Mapping[str, str]) -> str:
    """The secrets as one encrypted text."""
    return _keys().encrypt(json.dumps(dict(secrets)).encode()).decode()


def opened(text: str) -> dict[str, str]:
    """The secrets of an encrypted text; none where there is no text."""
    if not text:
        return {}
    try:
        found = json.loads(_keys().decrypt(text.encode()))
    except InvalidToken:
        raise NoKey from None
    return {str(name): str(value) for name, value in found.items()}


def resealed(text: str) -> str:
    """The same, encrypted by the first of the keys, for when the keys are changed."""
    try:
        return _keys().rotate(text.encode()).decode() if text else ""
    except InvalidToken:
        raise NoKey from None


def redacted(text: str, secrets: Mapping[str, str]) -> str:
    """The text without any of the secrets, should a server repeat them."""
    for secret in sorted(secrets.values(), key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN)
    return text


def _keys() -> MultiFernet:
    if not settings.CREDENTIALS_KEYS:
        raise NoKey
    return MultiFernet([Fernet(_derived(key)) for key in settings.CREDENTIALS_KEYS])


def _derived(key: str) -> bytes:
    """A key of the right size from a text of any."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return urlsafe_b64encode(derive.derive(key.encode()))
