"""What a webhook says and how it is signed, and when it is tried again.

JSON is signed as the Standard Webhooks specification has it: an HMAC-SHA256 over the id, the
timestamp and the body, with the secret behind `whsec_`.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from workspaces.rules.letters import JOINER, plain

SECRET_PREFIX = "whsec_"  # noqa: S105  the form, not a secret
SECRET_BYTES = 32
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
GIVES_UP = timedelta(hours=24)
OK, GONE = range(200, 300), 410


@dataclass(frozen=True)
class Said:
    """One event as a webhook tells it; `id` is the same at each try, `at` that of the event."""

    id: str
    verb: str
    sentence: str
    workspace: str
    workspace_name: str
    subject: str
    who: str
    at: datetime
    data: dict[str, object]
    event: int


def json_body(said: Said) -> bytes:
    """The event for programs."""
    told = {
        "type": said.verb,
        "timestamp": said.at.astimezone(UTC).isoformat(),
        "data": {
            "id": said.event,
            "workspace": said.workspace,
            "sentence": said.sentence,
            "subject": said.subject,
            "who": said.who,
            "data": said.data,
        },
    }
    return _bytes(told)


def slack_body(said: Said) -> bytes:
    """The event as a message for Slack and Mattermost: no mention, no link, no picture in it."""
    told = {
        "text": f"{slack_text(said.workspace_name)}: {slack_text(said.sentence)}",
        "blocks": [
            {
                "type": "section",
                "text": {"type": "plain_text", "text": plain(said.sentence), "emoji": False},
            },
            {
                "type": "context",
                "elements": [
                    {"type": "plain_text", "text": plain(said.workspace_name), "emoji": False}
                ],
            },
        ],
    }
    return _bytes(told)


def slack_text(text: str) -> str:
    """A text in which nobody is called and nothing is a link, in either program."""
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("](", f"]{JOINER}(")


def teams_body(said: Said) -> bytes:
    """The event as an adaptive card; runs of text know no Markdown."""
    block = {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": plain(said.sentence), "weight": "Bolder"}],
    }
    home = {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": plain(said.workspace_name), "isSubtle": True}],
    }
    card = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [block, home],
        },
    }
    return _bytes({"type": "message", "attachments": [card]})


BODIES = {"json": json_body, "slack": slack_body, "teams": teams_body}


def _bytes(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def secret_text(raw: bytes) -> str:
    """Random bytes as a secret is written."""
    return SECRET_PREFIX + base64.b64encode(raw).decode()


def signed(said_id: str, body: bytes, *, secret: str, at: datetime) -> dict[str, str]:
    """The three headers; `at` is when it is sent, for a receiver refuses what is old."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    told = b".".join((said_id.encode(), stamp.encode(), body))
    proof = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": said_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{proof}",
    }


def wait_after(tries: int, *, asked: timedelta | None, chance: float) -> timedelta:
    """How long to wait after so many tries: doubled up to two hours, spread; at least as asked."""
    doubled: timedelta = FIRST_WAIT * (1 << min(tries - 1, 12))
    wait = min(doubled, LONGEST_WAIT) * (0.75 + chance / 2)
    return wait if asked is None else max(wait, min(asked, GIVES_UP))


def asked_wait(text: str, *, at: datetime) -> timedelta | None:
    """What a Retry-After says, in seconds or as a date; None where it says nothing."""
    told = text.strip()
    if told.isascii() and told.isdigit():
        return timedelta(seconds=min(int(told[:9]), int(GIVES_UP.total_seconds())))
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - at, timedelta(0)), GIVES_UP)
