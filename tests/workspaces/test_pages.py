import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from tests.make.workspaces import PASSWORD, make_stakeholder
from workspaces.models import Invitation, Membership, Stakeholder, Workspace
from workspaces.operations.stakeholders import change_stakeholder
from workspaces.rules.roles import Role


def test_signing_in_leads_to_the_last_workspace(acme, ed):
    client = Client()
    response = client.post("/accounts/login/", {"login": ed.user.email, "password": PASSWORD})
    assert response.status_code == 302
    assert client.get("/")["Location"] == "/w/acme/"


@pytest.mark.parametrize("login", ["ed@acme.example", "nobody@acme.example"])
def test_A01_a_wrong_sign_in_says_the_same_for_known_and_unknown(acme, ed, login):
    response = Client().post("/accounts/login/", {"login": login, "password": "wrong password"})
    assert response.status_code == 200
    assert (
        "The email address and/or password you specified are not correct"
        in response.content.decode()
    )


def test_P12_nobody_signs_up_from_the_outside(db):
    response = Client().post(
        "/accounts/signup/", {"email": "new@acme.example", "password1": "a long password here"}
    )
    assert "by invitation" in response.content.decode()
    assert not Membership.objects.exists()


def test_C02_signing_out_takes_a_post(acme, ed, client_of):
    client = client_of(ed)
    client.get("/accounts/logout/")
    assert client.get("/w/acme/settings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/w/acme/settings/").status_code == 302


def test_an_invited_colleague_joins_by_the_link(acme, mia, client_of):
    response = client_of(mia).post(
        reverse("workspaces:invite_member", kwargs={"slug": "acme"}),
        {"email": "new@acme.example", "role": Role.EDITOR.value},
    )
    link = re.search(r"/join/[\w-]+/", response.content.decode()).group()
    assert link in mail.outbox[0].body
    newcomer = Client()
    assert newcomer.get(link).status_code == 200
    response = newcomer.post(link, {"name": "Newcomer", "password": "a long password here"})
    assert response["Location"] == "/w/acme/"
    assert newcomer.get("/w/acme/settings/").status_code == 200
    assert Membership.objects.get(user__email="new@acme.example").rank == Role.EDITOR


def invited(client, address="new@acme.example"):
    """The link of a fresh invitation."""
    response = client.post(
        reverse("workspaces:invite_member", kwargs={"slug": "acme"}),
        {"email": address, "role": Role.EDITOR.value},
    )
    return re.search(r"/join/[\w-]+/", response.content.decode()).group()


def test_joining_twice_by_a_double_click_leads_in_both_times(acme, mia, client_of):
    link = invited(client_of(mia))
    given = {"name": "Newcomer", "password": "a long password here"}
    assert Client().post(link, given)["Location"] == "/w/acme/"
    again = Client()
    assert again.post(link, given)["Location"] == "/w/acme/"
    assert again.get("/w/acme/").status_code == 200
    assert again.get(link)["Location"] == "/w/acme/"


def test_a_used_invitation_asks_to_sign_in_and_takes_no_password_later(acme, mia, client_of):
    link = invited(client_of(mia))
    given = {"name": "Newcomer", "password": "a long password here"}
    Client().post(link, given)
    assert Client().get(link)["Location"] == "/accounts/login/"
    wrong = Client().post(link, given | {"password": "some other password"})
    assert wrong["Location"] == "/accounts/login/"
    Invitation.objects.update(accepted_at=now() - timedelta(minutes=2))
    late = Client()
    assert late.post(link, given)["Location"] == "/accounts/login/"
    assert late.get("/w/acme/").status_code == 302


def test_A01_a_reset_is_answered_alike_and_mailed_in_our_words(ed):
    for address in ("nobody@example.org", ed.user.email):
        answer = Client().post("/accounts/password/reset/", {"email": address})
        assert answer["Location"] == "/accounts/password/reset/done/"
    unknown, known = mail.outbox
    assert (unknown.subject, known.subject) == (
        "No MOps account for this address",
        "Set a new password for MOps",
    )
    assert "/accounts/password/reset/key/" in known.body
    assert "by invitation" in unknown.body
    assert not any("signup" in sent.body or "Hello from" in sent.body for sent in mail.outbox)


def test_A09_a_wrong_secret_finds_nothing(db):
    assert Client().get("/join/wrong/").status_code == 404


def test_a_weak_password_is_refused_at_its_field(acme, mia, client_of):
    response = client_of(mia).post(
        reverse("workspaces:invite_member", kwargs={"slug": "acme"}),
        {"email": "new@acme.example", "role": Role.EDITOR.value},
    )
    link = re.search(r"/join/[\w-]+/", response.content.decode()).group()
    response = Client().post(link, {"name": "Newcomer", "password": "short"})
    assert response.status_code == 422
    assert "at least 8 characters" in response.content.decode()


def test_A12_a_display_name_stays_text_in_the_mail(acme, mia, client_of):
    mia.user.name = "<a href=//evil.example>Reset</a>\r\nBcc: x@evil.example"
    mia.user.save()
    client_of(mia).post(
        reverse("workspaces:invite_member", kwargs={"slug": "acme"}),
        {"email": "new@acme.example", "role": Role.VIEWER.value},
    )
    [letter] = mail.outbox
    assert letter.recipients() == ["new@acme.example"]
    assert "&lt;a href=//evil.example&gt;" in letter.alternatives[0][0]


def test_opening_a_workspace_makes_its_owner(acme, ed, client_of):
    response = client_of(ed).post(
        "/workspaces/new/",
        {"name": "Second", "slug": "second", "timezone": "Asia/Tehran", "week_starts_on": "6"},
    )
    assert response["Location"] == "/w/second/"
    assert Workspace.objects.get(slug="second").memberships.get().rank == Role.OWNER


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "acme"), ("slug", "Not OK"), ("timezone", "Mars/Base"), ("name", "")],
)
def test_a_bad_workspace_is_refused_at_the_field(acme, ed, client_of, field, value):
    data = {"name": "Second", "slug": "second", "timezone": "UTC", "week_starts_on": "1"}
    response = client_of(ed).post("/workspaces/new/", {**data, field: value})
    assert response.status_code == 422
    assert Workspace.objects.count() == 1


def test_only_an_owner_changes_the_workspace(acme, olga, mia, client_of):
    url = reverse("workspaces:settings", kwargs={"slug": "acme"})
    data = {"name": "New name", "timezone": "UTC", "week_starts_on": "1"}
    data["fiscal_year_starts_in"] = "7"
    assert client_of(mia).post(url, data).status_code == 403
    assert client_of(olga).post(url, data).status_code == 302
    acme.refresh_from_db()
    assert acme.name == "New name"


def test_a_stale_stakeholder_form_keeps_the_typed_text(acme, olga, ed, client_of, noon):
    sales = make_stakeholder(acme)
    change_stakeholder(sales, {"need": "Leads"}, version=1, by=olga, at=noon)
    url = reverse("workspaces:edit_stakeholder", kwargs={"slug": "acme", "pk": sales.pk})
    response = client_of(ed).post(url, {"name": "Sales", "need": "Typed by Ed", "version": "1"})
    assert response.status_code == 409
    assert "Typed by Ed" in response.content.decode()
    assert Stakeholder.objects.get().need == "Leads"


def test_X01_text_is_shown_as_text(acme, olga, client_of):
    evil = '"><img src=x onerror=__xss()>'
    make_stakeholder(acme, evil, need=evil)
    page = client_of(olga).get(reverse("workspaces:stakeholders", kwargs={"slug": "acme"}))
    assert "<img src=x" not in page.content.decode()
    assert "&lt;img src=x" in page.content.decode()


def test_C05_signing_in_never_leads_elsewhere(acme, ed):
    for evil in ("//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example"):
        response = Client().post(
            f"/accounts/login/?next={evil}",
            {"login": ed.user.email, "password": PASSWORD, "next": evil},
        )
        assert "evil" not in response["Location"]


def test_the_whole_interface_turns_with_the_language(acme, olga, client_of):
    client = client_of(olga)
    client.post("/i18n/set-language/", {"language": "fa", "next": "/"})
    page = client.get(reverse("workspaces:settings", kwargs={"slug": "acme"})).content.decode()
    assert '<html lang="fa" dir="rtl">' in page


def test_X08_the_policy_allows_nothing_inline(acme, olga, client_of):
    response = client_of(olga).get(reverse("workspaces:settings", kwargs={"slug": "acme"}))
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    body = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", body)
    assert not re.search(r"\sstyle=", body)
    assert not re.search(r"\son[a-z]+=", body)
