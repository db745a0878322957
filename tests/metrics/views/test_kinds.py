"""The pages of metrics of every kind: how they are defined, and how they are read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.models.definitions import MetricVersion
from metrics.operations.definitions import definition_of, redefine_metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.catalogue import find_metric
from metrics.rules.starters import STARTERS
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON
from workspaces.models import Workspace

NEW = "/w/acme/metrics/new/"
FORMULA = "/w/acme/metrics/formula/"
PICK = "/w/acme/metrics/starters/"
D = date(2026, 1, 1)
FORM = {
    "key": "made", "name": "Made", "kind": "additive", "unit": "count", "decimals": "0",
    "direction": "up", "numerator": "", "denominator": "", "scale": "100", "currency": "",
    "description": "", "formula": "", "counting": "exact", "stage": "", "owner": "",
    "cadence_days": "", "lag_days": "", "allowed_dims": "",
}  # fmt: skip
pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def ask(client, key, **query):
    return text_of(client.get(f"/w/acme/metrics/{key}/", query))


def derived(acme, by, key="per_mille", formula="clicks / sends * 1000", since=None):
    """A formula over clicks and sends; with `since` a second version, tenfold, begins there."""
    make_ratio(acme)
    made = make_metric(acme, key, kind="derived", formula=formula, decimals=2)
    for part, value in (("clicks", 5), ("sends", 100)):
        observe(find_metric(acme, part), {D + timedelta(n): value for n in range(60)})
    if since:
        changed = replace(definition_of(made), formula=f"10 * {formula}")
        redefine_metric(made, definition=changed, version=1, since=since, by=by, at=NOON)
    return made


def test_every_field_of_every_kind_is_defined_by_form(acme, ed, mia, client_of):
    client = client_of(ed)
    shared = {
        "stage": "decision", "owner": "mia@acme.example", "cadence_days": "7", "lag_days": "2",
        "allowed_dims": "channel, campaign",
    }  # fmt: skip
    for kind, more in {
        "last": {}, "unique": {"counting": "sketch"}, "additive": {"decimals": "2"},
    }.items():  # fmt: skip
        sent = FORM | shared | more | {"kind": kind, "key": f"m_{kind}"}
        assert client.post(NEW, sent).status_code == 302
        made = Metric.objects.get(key=f"m_{kind}")
        assert (made.kind, made.stage, made.owner) == (kind, "decision", mia)
        assert (made.cadence_days, made.lag_days) == (7, 2)
        assert made.allowed_dims == ["campaign", "channel"]
    assert Metric.objects.get(key="m_unique").counting == "sketch"
    sent = FORM | {"kind": "derived", "formula": "[Made] * 2 + m_last", "key": "m_derived"}
    assert client.post(NEW, sent | {"formula": "m_additive * 2"}).status_code == 302
    assert Metric.objects.get(key="m_derived").formula == "m_additive * 2"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "derived", "formula": "clicks +"}, "The formula ends too early."),
        ({"kind": "derived", "formula": "clicks / nothing"}, "There is no metric “nothing”."),
        ({"kind": "derived"}, "Write a formula"),
        ({"kind": "derived", "formula": "clicks + " * 300}, "at most 2,000 characters"),
        ({"owner": "sam@globex.example"}, "Select a valid choice"),
        ({"cadence_days": "-1"}, "greater than or equal to 0"),
        ({"allowed_dims": "A B!"}, "Name at most 10 dimensions"),
        ({"kind": "unique", "decimals": "2"}, "People are counted whole"),
    ],
)
def test_a_wrong_field_comes_back_with_what_is_wrong(acme, ed, globex, client_of, change, words):
    make_metric(acme)
    response = client_of(ed).post(NEW, FORM | change)
    assert response.status_code == 422
    assert words in response.content.decode().replace("&#x27;", "'")
    assert not Metric.objects.filter(key="made").exists()


def test_a_key_that_is_left_out_is_made_of_the_name_and_a_namesake_is_told(acme, ed, client_of):
    warned = []
    for name in ("Total opens", "Total opens", "بازدیدها", "数", "Formula"):
        sent = FORM | {"name": name, "key": ""}
        answer = client_of(ed).post(NEW, sent, follow=True)
        assert answer.status_code == 200
        warned.append("Another metric is called" in answer.content.decode())
    assert warned == [False, True, False, False, False]
    keys = Metric.objects.order_by("pk").values_list("key", flat=True)
    assert list(keys) == ["total_opens", "total_opens_2", "m", "m_2", "formula_2"]


def test_a_changed_formula_is_in_force_from_a_day_or_always(acme, ed, client_of):
    derived(acme, ed)
    client = client_of(ed)
    edit = "/w/acme/metrics/per_mille/edit/"
    sent = FORM | {"name": "Per mille", "kind": "derived", "decimals": "2", "version": "1"}
    new = sent | {"formula": "clicks / sends", "since": "day"}
    assert client.post(edit, new).status_code == 422
    assert client.post(edit, new | {"since_day": "2026-02-01"}).status_code == 302
    assert MetricVersion.objects.get(number=2).effective_from == date(2026, 2, 1)
    earlier = sent | {"formula": "sends", "since": "day", "since_day": "2026-01-31", "version": "2"}
    asked = client.post(edit, earlier)
    assert asked.status_code == 422
    assert "v2 from 2026-02-01" in text_of(asked)
    assert 'name="replaces_later"' in text_of(asked)
    assert client.post(edit, earlier | {"replaces_later": "on"}).status_code == 302
    always = sent | {"formula": "clicks", "since": "always", "version": "3"}
    assert client.post(edit, always).status_code == 302
    assert MetricVersion.objects.get(number=4).effective_from is None


def test_a_formula_is_checked_while_it_is_typed(acme, ed, vi, client_of):
    make_metric(acme, name="All <b>clicks</b>")
    client = client_of(ed)
    page = text_of(client.post(FORMULA, {"formula": "[all <b>clicks</b>] * 2", "unit": "x"}))
    assert "clicks * 2" in page
    assert "&lt;b&gt;clicks" in page
    assert "no data" in page
    page = text_of(client.post(FORMULA, {"formula": "clicks + <i>", "decimals": "99"}))
    assert "<mark>&lt;</mark>i&gt;" in page
    assert "At character 10:" in page
    page = text_of(client.post(FORMULA, {"formula": "clicks\r\n+ <"}))
    assert "At character 10:" in page
    assert Metric.objects.count() == 1
    for words in ({}, {"formula": "\x00"}, {"formula": "x" * 5000}, {"metric": "\x00"}):
        assert client.post(FORMULA, words).status_code == 200
    assert client_of(vi).post(FORMULA, {"formula": "clicks"}).status_code == 403


def test_the_page_shows_the_formula_with_names_the_versions_and_the_break(acme, ed, vi, client_of):
    derived(acme, ed, since=date(2026, 2, 10))
    page = ask(client_of(vi), "per_mille", grain="month")
    assert '<a href="/w/acme/metrics/clicks/"><bdi>Clicks</bdi></a> ÷ ' in page
    assert "from 10 Feb 2026" in page
    assert 'data-break="v2"' in page
    assert "version 2 from 10 Feb 2026" in page
    assert "sum of the" not in page.replace("not the sum of the", "")
    assert "the formula over whole totals" in page
    assert 'data-v="50"' in page
    assert 'data-v="500"' in page


def test_a_break_on_the_first_day_of_a_period_is_marked_too(acme, ed, vi, client_of):
    derived(acme, ed, since=date(2026, 2, 1))
    page = ask(client_of(vi), "per_mille", grain="month")
    assert page.count('data-break="v2"') == 1


def test_counts_of_people_over_other_windows_say_that_they_do_not_add_up(acme, vi, client_of):
    readers = make_metric(acme, "readers", kind="unique")
    observe(readers, {D: 20, D + timedelta(1): 30})
    page = ask(client_of(vi), "readers", grain="month")
    assert "30 – 50" in page
    assert "not additive" in page
    assert 'data-role="low"' in page
    assert 'data-v="30"' in page
    assert "sum of the" not in page.replace("not the sum of the", "")


def test_an_estimate_shows_its_error(acme, vi, client_of):
    people = make_metric(acme, "people", kind="unique", counting="sketch")
    readings = [Reading(people.pk, D, 0, recipient=f"p{n}") for n in range(900)]
    record_observations(acme, source="x", readings=readings, by=None, at=NOON)
    roll_up()
    assert "±" in ask(client_of(vi), "people", grain="month")


def test_reasons_stand_in_words(acme, vi, client_of):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 1, D + timedelta(31): 1})
    observe(ratio.denominator, {D: 0, D + timedelta(31): 4})
    page = ask(client_of(vi), "ctr", grain="month", **{"from": "2026-01-01", "to": "2026-03-31"})
    assert "no denominator" in page
    assert "no data" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"compare": "previous", "from": "2026-02-01", "to": "2026-02-28"}, 'data-v="310"'),
        ({"cumulative": "true"}, 'data-v="600"'),
        ({"window": "3"}, 'data-v="600"'),
        ({"calendar": "fiscal", "grain": "quarter"}, "FY2026 Q3"),
        ({"by": "ch", "top": "3"}, "2 others together"),
        ({"window": "x", "top": "-1"}, "Moving: Write a whole number from 1 to 400. Largest:"),
    ],
)
def test_the_controls_of_the_page_ask_the_same_core(acme, vi, client_of, query, found):
    Workspace.objects.filter(pk=acme.pk).update(fiscal_year_starts_in=7)
    metric = make_metric(acme)
    for place, channel in enumerate("abcde"):
        values = {D + timedelta(n): 2 for n in range(60)}
        observe(metric, values, dims={"ch": channel}, source=str(place))
    assert found in ask(client_of(vi), "clicks", **query)


def test_the_catalogue_page_says_every_kind_with_constant_queries(acme, ed, vi, client_of):
    client = client_of(vi)

    def queries():
        with CaptureQueriesContext(connection) as found:
            page = text_of(client.get("/w/acme/metrics/"))
        return len(found), page

    derived(acme, ed)
    observe(make_metric(acme, "stock", kind="last"), {D: 5})
    observe(make_metric(acme, "readers", kind="unique"), {D: 5, D + timedelta(1): 6})
    queries()
    few, page = queries()
    assert "<bdi>Clicks</bdi> ÷ <bdi>Sends</bdi> × 1000" in page
    assert "6 – 11" in page
    assert "level" in page
    for n in range(5):
        formula = f"clicks * {n} + stock / readers"
        make_metric(acme, f"more{n}", kind="derived", formula=formula)
        observe(make_metric(acme, f"stock{n}", kind="last"), {D: 5})
    assert queries()[0] == few


def test_a_starter_is_defined_by_one_click_with_what_it_is_made_of(acme, ed, vi, client_of):
    client = client_of(ed)
    page = text_of(client.get(PICK))
    assert page.count('class="starter"') == len(STARTERS)
    assert "clicks / unique_recipients * 100" in page
    assert client.post(PICK, {"only": "ctr"}).status_code == 302
    assert {m.key for m in Metric.objects.all()} == {"ctr", "clicks", "unique_recipients"}
    assert client.post(PICK, {"keys": ["cpc", "sends"]}).status_code == 422
    assert client.post(PICK, {"keys": ["cpc", "sends"], "currency": "EUR"}).status_code == 302
    assert Metric.objects.get(key="cpc").currency == "EUR"
    for words in ({}, {"only": "nothing"}, {"keys": ["\x00"]}):
        assert client.post(PICK, words).status_code == 422
    assert client_of(vi).get(PICK).status_code == 403


def test_a_pasted_formula_is_never_cut_by_the_field(acme, ed, client_of):
    form = client_of(ed).get(NEW).context["form"]
    assert "maxlength" not in str(form["formula"])
