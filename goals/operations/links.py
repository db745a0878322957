"""Tokens of links for people without an account: told once, stored as a hash."""

import hashlib
import secrets

from django.core.signing import BadSignature, Signer

BYTES = 24  # 192 bits of chance, and the signature beside them


class LinkTokens:
    """The tokens of one kind of link; another kind's are not known to it."""

    def __init__(self, salt: str) -> None:
        """Sign by the installation's secret key and the kind's salt."""
        self.signer = Signer(salt=salt, sep=".")

    def new(self) -> tuple[str, str]:
        """A token and the hash by which it is stored."""
        secret = secrets.token_urlsafe(BYTES)
        return self.signer.sign(secret), hashed(secret)

    def digest_of(self, token: str) -> str | None:
        """The hash by which the token is stored; None for one that we never signed."""
        try:
            return hashed(self.signer.unsign(token))
        except BadSignature:
            return None


def hashed(secret: str) -> str:
    """The form in which a link's secret is stored: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
