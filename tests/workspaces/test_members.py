from datetime import timedelta

import pytest

from tests.make.workspaces import make_member, owner_of
from workspaces.models import ApiToken, Membership
from workspaces.operations.members import (
    accept_invitation,
    add_member,
    change_role,
    find_or_make_user,
    invite,
    remove_member,
    revoke_invitation,
)
from workspaces.operations.tokens import issue_token
from workspaces.queries.events import events_of, log_of
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role


def test_inviting_a_member_is_told_in_the_log(acme, olga, noon):
    invitation, _secret = invite(acme, "new@acme.example", Role.EDITOR, by=olga, at=noon)
    [told] = events_of(acme, "workspaces.invitation", invitation.pk)
    assert told.sentence == "Olga invited new@acme.example as editor"


def test_an_invitation_works_once(acme, olga, noon):
    invitation, _secret = invite(acme, "New@acme.example", Role.EDITOR, by=olga, at=noon)
    user = find_or_make_user("new@acme.example")
    assert accept_invitation(invitation, user=user, at=noon).rank == Role.EDITOR
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation, user=user, at=noon)


def test_an_invitation_is_for_one_address(acme, olga, ed, noon):
    invitation, _secret = invite(acme, "new@acme.example", Role.OWNER, by=olga, at=noon)
    with pytest.raises(Refused, match="another e-mail address"):
        accept_invitation(invitation, user=ed.user, at=noon)
    ed.refresh_from_db()
    assert ed.rank == Role.EDITOR


@pytest.mark.parametrize("how", ["expired", "revoked"])
def test_a_closed_invitation_lets_nobody_in(acme, olga, noon, how):
    invitation, _secret = invite(acme, "new@acme.example", Role.EDITOR, by=olga, at=noon)
    if how == "revoked":
        revoke_invitation(invitation, by=olga, at=noon)
    later = noon + timedelta(days=15 if how == "expired" else 0)
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation, user=find_or_make_user("new@acme.example"), at=later)


def test_inviting_again_replaces_the_open_invitation(acme, olga, noon):
    first, _ = invite(acme, "new@acme.example", Role.VIEWER, by=olga, at=noon)
    invite(acme, "new@acme.example", Role.EDITOR, by=olga, at=noon)
    first.refresh_from_db()
    assert first.revoked_at == noon


def test_P02_nobody_lifts_themselves_or_others_above_their_own_role(acme, mia, ed, noon):
    for act in (
        lambda: change_role(ed, Role.OWNER, by=mia, at=noon),
        lambda: invite(acme, "x@acme.example", Role.OWNER, by=mia, at=noon),
    ):
        with pytest.raises(Refused, match="above their own"):
            act()


def test_P03_a_manager_cannot_demote_or_remove_an_owner(olga, mia, noon):
    with pytest.raises(Refused, match="above their own"):
        change_role(olga, Role.VIEWER, by=mia, at=noon)
    with pytest.raises(Refused, match="above their own"):
        remove_member(olga, by=mia, at=noon)


def test_P04_the_last_owner_stays(acme, olga, noon):
    with pytest.raises(Refused, match="at least one owner"):
        change_role(olga, Role.EDITOR, by=olga, at=noon)
    with pytest.raises(Refused, match="at least one owner"):
        remove_member(olga, by=olga, at=noon)
    second = make_member(acme, "second@acme.example", Role.OWNER)
    remove_member(olga, by=olga, at=noon)
    assert owner_of(acme) == second


def test_T15_removal_kills_the_tokens_of_that_workspace(acme, olga, ed, noon):
    issue_token(ed, name="bi", scope="read", by=ed, at=noon)
    remove_member(ed, by=olga, at=noon)
    assert not ApiToken.objects.filter(user=ed.user).exists()
    assert not Membership.objects.filter(pk=ed.pk).exists()


def test_adding_a_member_twice_changes_nothing(acme, ed, noon):
    before = log_of(acme).count()
    assert add_member(acme, ed.user, Role.EDITOR, by=None, at=noon) == ed
    assert log_of(acme).count() == before


def test_an_existing_password_is_never_replaced(ed):
    user = find_or_make_user(ed.user.email, password="another one entirely")
    assert not user.check_password("another one entirely")
