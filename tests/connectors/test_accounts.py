"""Service accounts: a token for a signature that the stub checks with the public key."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from connectors.models import Connector
from connectors.operations.connectors import change_connector, draft_of
from tests.make.connectors import OAUTH, Clock, connect, facts, fetch_now, token, vendor
from tests.make.workspaces import NOON, owner_of
from tests.support.stub import Reply
from workspaces.rules.errors import Invalid
from workspaces.sources.vault import opened

EMAIL = "mops@project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def account(private):
    """The file as Google hands it out, line breaks and all."""
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps(
        {"type": "service_account", "project_id": "project", "private_key_id": "k1",
         "private_key": pem, "client_email": EMAIL, "token_uri": "https://elsewhere.example"},
        indent=2,
    )  # fmt: skip


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def google(stub, private, report):
    """A token for a good signature alone; `report` is what the API answers to the token."""
    given = []

    def answer(seen):
        if seen.path != "/token":
            known = seen.headers["authorization"] == f"Bearer ticket-{len(given)}"
            return report(seen) if known else Reply({"error": "expired"}, 401)
        header, claims, signature = seen.form["assertion"].split(".")
        said = f"{header}.{claims}".encode()
        private.public_key().verify(decoded(signature), said, PKCS1v15(), SHA256())
        given.append((json.loads(decoded(header)), json.loads(decoded(claims)), seen.form))
        return token(f"ticket-{len(given)}")

    stub.answer = answer
    return given


def ga4(acme, stub, **secrets):
    params = {"property_id": "77", "currency": "EUR"}
    described = vendor("ga4", stub.url)
    return connect(acme, described, name="GA4", params=params, secrets=secrets)


def sessions(_seen):
    cells = [{"value": text} for text in ("12", "6", "1", "0")]
    dims = [{"value": "20260301"}, {"value": "Email"}]
    return Reply({"rows": [{"dimensionValues": dims, "metricValues": cells}], "rowCount": 1})


def test_a_service_account_signs_for_a_token_that_is_kept_until_it_ends(
    acme, stub, private, account
):
    given = google(stub, private, sessions)
    one_day = {"days_back": 2, "overlap": 2, "chunk": 30, "lag": 0}
    described = vendor("ga4", stub.url) | {"window": one_day}
    params = {"property_id": "77", "currency": "EUR"}
    secrets = {"service_account": account}
    made = connect(acme, described, params=params, secrets=secrets)
    clock = Clock()
    fetch = fetch_now(made, clock)
    assert fetch.state == "done", (fetch.faults, fetch.said)
    assert facts(acme, "web_sessions") == {("2026-03-01", "Email"): 12}
    header, claims, form = given[0]
    assert (header["alg"], header["kid"]) == ("RS256", "k1")
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    begin = int(NOON.timestamp())
    assert claims == {
        "iss": EMAIL, "scope": SCOPE, "aud": f"{stub.url}/token", "iat": begin, "exp": begin + 3600,
    }  # fmt: skip
    for minutes, tokens in ((30, 1), (40, 2)):
        clock.forward(minutes=minutes)
        made.refresh_from_db()
        assert fetch_now(made, clock).state == "done"
        assert len(given) == tokens


def test_a_token_that_ends_in_the_middle_is_signed_for_again(acme, stub, private, account):
    asked = []

    def ends_once(seen):
        asked.append(seen)
        if len(asked) == 2:
            return Reply({"error": "expired"}, 401)
        is_last = seen.json["dateRanges"][0]["endDate"] == "2026-03-02"
        return sessions(seen) if is_last else Reply({"metricHeaders": [], "rowCount": 0})

    given = google(stub, private, ends_once)
    made = ga4(acme, stub, service_account=account)
    fetch = fetch_now(made)
    assert (fetch.state, fetch.new, len(given)) == ("done", 4, 2), fetch.faults


def test_S10_the_key_is_stored_short_and_encrypted_and_shown_nowhere(
    acme, mia, api_of, stub, private, account
):
    def echo(seen):
        return Reply(f"I saw {seen.form['assertion']}", 403)

    stub.answer = echo
    made = ga4(acme, stub, service_account=account)
    fetch = fetch_now(made)
    assert fetch.faults[0]["code"] == "token_refused"
    assert fetch.said == "I saw •••"
    stored = Connector.objects.get(pk=made.pk)
    assert "PRIVATE" not in stored.secrets
    kept = json.loads(opened(stored.secrets)["service_account"])
    assert set(kept) == {"client_email", "private_key_id", "private_key"}
    told = api_of(mia).get(f"/api/v1/workspaces/acme/sources/{made.pk}/").content.decode()
    assert EMAIL not in told
    assert "PRIVATE" not in told
    changed = change_connector(
        made, draft=draft_of(made), version=stored.version, by=owner_of(acme), at=NOON
    )
    assert opened(changed.secrets) == opened(stored.secrets)


def test_one_way_to_be_known_takes_the_place_of_the_other(acme, stub, account):
    made = ga4(acme, stub, **OAUTH)
    for given, names in (
        ({"service_account": account}, {"service_account"}),
        (OAUTH, set(OAUTH)),
    ):
        draft = draft_of(made)
        draft = type(draft)(**(vars(draft) | {"secrets": given}))
        made = change_connector(made, draft=draft, version=made.version, by=owner_of(acme), at=NOON)
        assert set(opened(made.secrets)) == names


@pytest.mark.parametrize(
    "change",
    [
        {"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"},
        {"private_key": None},
        {"client_email": ...},
    ],
)
def test_what_is_no_key_of_an_account_is_refused_without_being_repeated(
    acme, stub, account, change
):
    found = json.loads(account) | change
    found = {name: value for name, value in found.items() if value is not ...}
    for text in (json.dumps(found), "[]", "not JSON"):
        with pytest.raises(Invalid) as refusal:
            ga4(acme, stub, service_account=text)
        (problem,) = refusal.value.problems
        assert (problem.pointer, problem.code) == ("/secrets/service_account", "not_an_account")
        assert "BEGIN" not in problem.message
