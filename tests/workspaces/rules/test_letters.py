"""What people typed stands in mails and messages as they typed it, and does nothing there."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from workspaces.rules.letters import JOINER, LONGEST_SUBJECT, plain, seen, subject_line
from workspaces.rules.outbox import BUDGET, sends_at, wait_after
from workspaces.rules.webhooks import (
    BODIES,
    Said,
    asked_wait,
    secret_text,
    signed,
    slack_text,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "hostile",
    ["http://evil.example/x", "see evil.example", "a@evil.example", "mailto:a@b.example",
     "\\\\evil.example\\share", "[pay](http://evil.example)", "tel:+48123"],
)  # fmt: skip
def test_X06_no_program_makes_a_link_of_what_people_typed(hostile):
    told = plain(hostile)
    assert told.replace(JOINER, "") == hostile
    assert "://" not in told
    assert "evil.example" not in told
    assert "a@" not in told


def test_X06_numbers_and_ends_of_sentences_stay_as_they_are():
    assert plain("Up 3.5 % at 10:30. Well done…") == "Up 3.5 % at 10:30. Well done…"


@pytest.mark.parametrize("line", ["\r\nBcc: x@y", "\u2028x", "\x00x", "\u202ex", "\x85x"])
def test_X11_I11_a_subject_is_one_line_of_bounded_length(line):
    told = subject_line(f"Card{line}")
    assert told.isprintable()
    assert len(subject_line("x" * 5000)) == LONGEST_SUBJECT


def test_the_first_mails_of_an_hour_go_at_once_and_the_others_gather():
    sent, gone = [], NOON
    for minute in range(60):
        gone = sends_at(sent, at=NOON + timedelta(minutes=minute))
        sent = sent if gone in sent else [*sent, gone]
    assert len([one for one in sent if one < NOON + timedelta(hours=1)]) == BUDGET


def test_tries_wait_longer_each_time_up_to_an_hour():
    waits = [wait_after(n, chance=0) for n in range(1, 31)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=30)


def test_a_signature_is_as_the_specification_has_it():
    # the example of the libraries of standardwebhooks.com
    head = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert head["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert head["webhook-timestamp"] == "1614265330"
    assert len(base64.b64decode(secret_text(b"x" * 32).removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("body", BODIES)
def test_X06_I13_a_title_calls_nobody_and_links_nowhere(body):
    title = '<!channel> <http://evil.example|pay> @here [x](http://evil.example) {{7*7}} "q" \ud800'
    said = Said("evt_1_2", "card.added", title, "acme", "Acme", "tasks.card:1", "Ed", NOON, {}, 2)
    sent = BODIES[body](said)
    json.loads(sent)
    if body == "json":
        return
    text = sent.decode()
    assert "evil.example" not in text
    assert "@here" not in text
    assert body != "slack" or "<!channel>" not in json.loads(text)["text"]


def test_slack_text_is_escaped():
    assert slack_text("a < b & c > d") == "a &lt; b &amp; c &gt; d"


def test_a_server_may_ask_for_patience():
    assert asked_wait("120", at=NOON) == timedelta(minutes=2)
    assert asked_wait("Mon, 02 Mar 2026 12:10:00 GMT", at=NOON) == timedelta(minutes=10)
    assert asked_wait("", at=NOON) is None
    assert asked_wait("soon", at=NOON) is None


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\ufeff", "\u2066\u2069", "\u3164 \u2800", "\u200d\ufe0f"]
)
def test_what_has_no_letter_that_can_be_seen_is_no_text(text):
    assert seen(text) == ""


@pytest.mark.parametrize("text", ["می\u200cخواهم", "❤\ufe0f", "👩\u200d🚀", "-", "\u0301"])
def test_a_text_that_can_be_seen_keeps_its_joiners(text):
    assert seen(f" {text}\n") == text
