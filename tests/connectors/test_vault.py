"""Credentials at rest: unreadable without the key, readable through a change of keys."""

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Connector
from tests.make.connectors import SECRET, connect, document, fetch_now
from tests.support.stub import Reply
from workspaces.sources.vault import NoKey, opened, redacted, sealed

OLD, NEW = "an-old-key-" + "o" * 40, "a-new-key-" + "n" * 40


def test_what_is_sealed_is_opened_by_the_same_key_alone(settings):
    settings.CREDENTIALS_KEYS = [OLD]
    text = sealed({"token": SECRET})
    assert SECRET not in text
    assert text != sealed({"token": SECRET})
    assert opened(text) == {"token": SECRET}
    settings.CREDENTIALS_KEYS = [NEW]
    with pytest.raises(NoKey):
        opened(text)


def test_keys_are_changed_without_losing_a_credential(acme, settings, stub, capsys):
    settings.CREDENTIALS_KEYS = [OLD]
    described = document(stub.url, auth={"kind": "bearer"})
    made = connect(acme, described, secrets={"token": SECRET})
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    call_command("rotate_credentials")
    assert "1 sources" in capsys.readouterr().out
    settings.CREDENTIALS_KEYS = [NEW]
    assert opened(Connector.objects.get(pk=made.pk).secrets) == {"token": SECRET}


def test_keys_that_open_nothing_change_nothing(acme, settings, stub):
    settings.CREDENTIALS_KEYS = [OLD]
    described = document(stub.url, auth={"kind": "bearer"})
    made = connect(acme, described, secrets={"token": SECRET})
    settings.CREDENTIALS_KEYS = [NEW]
    with pytest.raises(CommandError):
        call_command("rotate_credentials")
    stub.says(Reply({"rows": []}))
    fetch = fetch_now(made)
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "no_key_of_ours")
    assert stub.seen == []


def test_a_server_that_repeats_a_secret_does_not_have_it_shown():
    assert redacted("no such key: abcdef!", {"key": "abcdef", "user": "me"}) == "no such key: •••!"
