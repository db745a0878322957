import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from workspaces.models import Membership, User, Workspace
from workspaces.queries.events import log_of


def run(capsys, *args):
    call_command(*args)
    return capsys.readouterr().out.strip()


def create(capsys, **more):
    options = {
        "slug": "acme",
        "name": "Acme",
        "timezone": "Europe/Warsaw",
        "owner": "Ana@Example.com",
    }
    options |= more
    return run(capsys, "create_workspace", *(f"--{k}={v}" for k, v in options.items()))


def test_create_workspace_twice_makes_one(db, capsys):
    create(capsys, password="secret words")
    events = log_of(Workspace.objects.get()).count()
    create(capsys, password="other words")
    assert Workspace.objects.get().memberships.get().rank.word == "owner"
    assert User.objects.get().check_password("secret words")
    assert log_of(Workspace.objects.get()).count() == events


@pytest.mark.parametrize(("option", "value"), [("timezone", "Mars/Base"), ("slug", "No Good")])
def test_create_workspace_refuses_in_a_sentence(db, capsys, option, value):
    with pytest.raises(CommandError):
        create(capsys, **{option: value})
    assert not Workspace.objects.exists()
    assert not User.objects.exists()


def test_add_member_twice_makes_one_and_another_role_changes_it(db, capsys):
    create(capsys)
    args = ["add_member", "--workspace=acme", "--email=sam@example.com"]
    run(capsys, *args, "--role=editor", "--password=secret words")
    run(capsys, *args, "--role=editor")
    assert Membership.objects.count() == 2
    run(capsys, *args, "--role=viewer")
    assert Membership.objects.get(user__email="sam@example.com").rank.word == "viewer"


def test_create_token_prints_the_token_alone(db, capsys):
    create(capsys)
    text = run(capsys, "create_token", "--workspace=acme", "--user=ana@example.com")
    assert text.startswith("mops_")
    assert "\n" not in text
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert client.get("/api/v1/workspaces/acme/").status_code == 200


@pytest.mark.parametrize(
    "args",
    [
        ["add_member", "--workspace=none", "--email=a@example.com", "--role=editor"],
        ["create_token", "--workspace=none", "--user=a@example.com"],
    ],
)
def test_a_command_without_its_workspace_says_so(db, args):
    with pytest.raises(CommandError, match="none"):
        call_command(*args)
