"""Asking a server as a description says: who we are, what it answers, what went wrong."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.rules.description import Description
from connectors.rules.paths import find
from connectors.rules.requests import OAUTH
from connectors.rules.schedules import asked_wait
from connectors.rules.templates import filled_url
from connectors.rules.values import text_of
from connectors.sources.accounts import GRANT, signed
from connectors.sources.answers import read_body
from metrics.rules.faults import Fault, Unreadable
from workspaces.sources.vault import redacted
from workspaces.sources.web import Answer, Asked, Limits, Unreachable, ask

EARLY = timedelta(seconds=60)  # a token is renewed before it ends
USUAL_LIFE = 3600
REPEATED = 300  # characters of an answer that are kept for those who may edit the connector
OK = 200
UNAUTHORIZED, FORBIDDEN, MISSING, TIMEOUT, EARLY_DATA, BUSY = 401, 403, 404, 408, 425, 429
BROKEN, UNAVAILABLE = 500, 503
Clock = Callable[[], datetime]


class Trouble(Exception):
    """A fetch cannot go on; `passing` says that a later try may, `wait` when at the earliest.

    `said` is the beginning of what the server answered, without secrets.
    """

    def __init__(
        self, fault: Fault, *, passing: bool = False, wait: timedelta | None = None, said: str = ""
    ) -> None:
        """Keep what the log of the connector shows."""
        super().__init__(fault.code)
        self.fault, self.passing, self.wait, self.said = fault, passing, wait, said


@dataclass
class Keys:
    """The secrets of a connector and the token that was got for them."""

    secrets: dict[str, str]
    token: str = ""
    token_ends: datetime | None = None
    assertion: str = ""

    @property
    def all(self) -> dict[str, str]:
        """Everything that must not be shown."""
        return self.secrets | {"access_token": self.token, "assertion": self.assertion}


@dataclass(frozen=True)
class Caller:
    """Asks on behalf of one connector; `keep` stores keys that have been renewed."""

    description: Description
    params: Mapping[str, str]
    keys: Keys
    limits: Limits
    clock: Clock
    keep: Callable[[Keys], None]

    @property
    def kind(self) -> str:
        """How we are known, by the secrets that there are."""
        return self.description.auth.kind_by(self.keys.secrets)

    def fetch(self, asked: Asked) -> tuple[Any, int]:
        """The answer as a value, and its size in bytes; Trouble where there is none to use.

        A token that is refused is renewed and the question asked again, once.
        """
        answer = self._ask(self._signed(asked))
        if answer.status == UNAUTHORIZED and self.kind in OAUTH:
            self._renew()
            answer = self._ask(self._signed(asked))
        if answer.status != OK:
            raise self._trouble(answer)
        try:
            return read_body(answer.body, self.description.format), len(answer.body)
        except Unreadable as refusal:
            raise Trouble(refusal.faults[0], said=self._said(answer)) from None

    def _ask(self, asked: Asked) -> Answer:
        try:
            return ask(asked, self.limits)
        except Unreachable as why:
            raise Trouble(Fault(why.code), passing=why.passing) from None

    def _signed(self, asked: Asked) -> Asked:
        """The question with who asks it."""
        auth, secrets = self.description.auth, self.keys.secrets
        headers = dict(asked.headers)
        query = dict(asked.query)
        headers |= {name: secrets[secret] for name, secret in auth.headers.items()}
        if self.kind == "bearer":
            headers["Authorization"] = f"Bearer {secrets['token']}"
        elif self.kind == "basic":
            headers["Authorization"] = basic(secrets["user"], secrets["password"])
        elif self.kind == "header":
            headers[auth.name] = secrets["key"]
        elif self.kind == "query":
            query[auth.name] = secrets["key"]
        elif self.kind in OAUTH:
            headers["Authorization"] = f"Bearer {self._token()}"
        return replace(asked, headers=headers, query=query)

    def _token(self) -> str:
        """The access token, renewed where it has ended or is about to."""
        ends = self.keys.token_ends
        if not self.keys.token or (ends is not None and ends <= self.clock() + EARLY):
            self._renew()
        return self.keys.token

    def _renew(self) -> None:
        """Get a new token; a refresh token that comes with it replaces the old one."""
        answer = self._ask(self._question_for_token())
        if answer.status in (BUSY, UNAVAILABLE) or answer.status >= BROKEN:
            raise self._trouble(answer)
        try:
            told = read_body(answer.body, "json") if answer.status == OK else None
        except Unreadable:
            told = None
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token:
            raise Trouble(Fault("token_refused", value=str(answer.status)), said=self._said(answer))
        life = told.get("expires_in")
        life = int(life) if isinstance(life, int) or str(life).isdigit() else USUAL_LIFE
        self.keys.token = token
        self.keys.token_ends = self.clock() + timedelta(seconds=min(life, 10**7))
        renewed = told.get("refresh_token")
        if isinstance(renewed, str) and renewed and "refresh_token" in self.keys.secrets:
            self.keys.secrets["refresh_token"] = renewed
        self.keep(self.keys)

    def _question_for_token(self) -> Asked:
        auth, secrets = self.description.auth, self.keys.secrets
        headers = {"Accept": "application/json"}
        url = filled_url(auth.token_url, self.params)
        if self.kind == "service_account":
            self.keys.assertion = signed(
                secrets["service_account"], scope=auth.scope, audience=url, at=self.clock()
            )
            form = {"grant_type": GRANT, "assertion": self.keys.assertion}
            return Asked("POST", url, headers=headers, form=form)
        form = {"grant_type": self.kind}
        if self.kind == "refresh_token":
            form["refresh_token"] = secrets["refresh_token"]
        elif auth.scope:
            form["scope"] = auth.scope
        if auth.client == "basic":
            headers["Authorization"] = basic(secrets["client_id"], secrets["client_secret"])
        else:
            form |= {name: secrets[name] for name in ("client_id", "client_secret")}
        return Asked("POST", url, headers=headers, form=form)

    def _trouble(self, answer: Answer) -> Trouble:
        """What a status other than 200 means."""
        status, said = answer.status, self._said(answer)
        wait = asked_wait(answer.headers.get("retry-after", ""), at=self.clock())
        value = str(status)
        if status in (BUSY, UNAVAILABLE) or self._says_busy(answer):
            return Trouble(Fault("busy", value=value), passing=True, wait=wait, said=said)
        if status >= BROKEN or status in (TIMEOUT, EARLY_DATA):
            return Trouble(Fault("server_error", value=value), passing=True, wait=wait, said=said)
        codes = {UNAUTHORIZED: "unauthorized", FORBIDDEN: "not_allowed", MISSING: "not_found"}
        return Trouble(Fault(codes.get(status, "bad_status"), value=value), said=said)

    def _says_busy(self, answer: Answer) -> bool:
        """Whether the body holds one of the errors that mean "later"."""
        if not self.description.busy_is:
            return False
        try:
            told = find(read_body(answer.body, "json"), self.description.busy)
        except Unreadable:
            return False
        return text_of(told) in self.description.busy_is

    def _said(self, answer: Answer) -> str:
        text = redacted(answer.body[: REPEATED * 8].decode("utf-8", "replace"), self.keys.all)
        return "".join(letter for letter in text if letter.isprintable())[:REPEATED]


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
