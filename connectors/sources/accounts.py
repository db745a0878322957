"""Service accounts: a key file that is checked and kept short, and what is signed with it."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from metrics.rules.faults import Fault, Unreadable

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = timedelta(hours=1)  # the longest that Google accepts
SMALLEST = 2048
KEPT = ("client_email", "private_key_id", "private_key")


def read_account(text: str) -> str:
    """What is needed of a key file, as JSON without line breaks; Unreadable where it is none."""
    try:
        found = json.loads(text)
        kept = {name: str(found[name]) for name in KEPT}
        _private(kept)
    except (ValueError, TypeError, KeyError, RecursionError, UnsupportedAlgorithm):
        # What the libraries say may repeat a part of the key.
        raise Unreadable(Fault("not_an_account")) from None
    return json.dumps(kept)


def signed(account: str, *, scope: str, audience: str, at: datetime) -> str:
    """A JSON web token (RS256) by which the account asks for an access token, good for an hour."""
    held = json.loads(account)
    header = {"alg": "RS256", "typ": "JWT", "kid": held["private_key_id"]}
    claims = {
        "iss": held["client_email"],
        "scope": scope,
        "aud": audience,
        "iat": int(at.timestamp()),
        "exp": int((at + LIFE).timestamp()),
    }
    said = f"{_encoded(header)}.{_encoded(claims)}"
    signature = _private(held).sign(said.encode(), PKCS1v15(), SHA256())
    return f"{said}.{_base64(signature)}"


def _private(held: dict[str, str]) -> RSAPrivateKey:
    key = load_pem_private_key(held["private_key"].encode(), password=None)
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST:
        raise ValueError
    return key


def _encoded(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
