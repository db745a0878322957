"""Addresses of request forms and of what was sent by them: made anew from a row's key each time.

Without the installation's secret key nobody makes one from what is stored; the row has its hash.
"""

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from goals.operations.links import LinkTokens, hashed
from tasks.models import RequestForm, Submission

FORMS, REQUESTS = LinkTokens("tasks.request_form"), LinkTokens("tasks.request")
SALTS = {FORMS: "tasks.request_form", REQUESTS: "tasks.request"}
LENGTH = 40  # of 160 bits


def new_key(tokens: LinkTokens) -> tuple[uuid.UUID, str]:
    """A key and the hash of the secret that it makes."""
    key = uuid.uuid4()
    return key, hashed(_secret(tokens, key))


def form_address(form: RequestForm) -> str:
    """Where everybody finds a public form."""
    return _address("public_form", FORMS, form.key)


def request_address(submission: Submission) -> str:
    """Where who sent it sees how it stands."""
    return _address("public_request", REQUESTS, submission.key)


def request_token(submission: Submission) -> str:
    """The last part of that address."""
    return REQUESTS.signer.sign(_secret(REQUESTS, submission.key))


def _address(name: str, tokens: LinkTokens, key: uuid.UUID) -> str:
    token = tokens.signer.sign(_secret(tokens, key))
    return settings.BASE_URL + reverse(name, kwargs={"token": token})


def _secret(tokens: LinkTokens, key: uuid.UUID) -> str:
    mac = salted_hmac(f"{SALTS[tokens]} key", key.hex, algorithm="sha256")
    return mac.hexdigest()[:LENGTH]
