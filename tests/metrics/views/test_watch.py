"""What stands beside a metric, as its page asks for it."""

import re
from html.parser import HTMLParser

import pytest

from tests.make.metrics import make_metric, observe

pytestmark = pytest.mark.django_db
CONTROLS = {"input", "select", "textarea"}
UNSEEN = {"hidden", "checkbox", "submit"}


class Labels(HTMLParser):
    """The words of each label by what it is for, and the ids of all controls."""

    def __init__(self, page):
        super().__init__()
        self.words, self.ids, self.inside = {}, [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "label":
            self.inside = given.get("for")
        if tag in CONTROLS and given.get("type") not in UNSEEN and "id" in given:
            self.ids.append(given["id"])

    def handle_endtag(self, tag):
        self.inside = None if tag == "label" else self.inside

    def handle_data(self, data):
        if self.inside:
            self.words[self.inside] = f"{self.words.get(self.inside, '')} {data.strip()}".strip()


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme)
    observe(metric, {"2026-01-05": 3}, dims={"channel": "mail"})
    return metric


def test_every_field_of_every_form_has_a_label_of_its_own(clicks, ed, client_of):
    for path in ("metrics/clicks/watch/", "quality/"):
        found = Labels(client_of(ed).get(f"/w/acme/{path}").content.decode())
        assert len(found.ids) == len(set(found.ids))
        assert set(found.ids) <= set(found.words)
    found = Labels(client_of(ed).get("/w/acme/metrics/clicks/watch/").content.decode())
    assert found.words["alert-persistence"] == "Periods in a row"
    assert found.words["target-low"] == "Good from optional"
    assert found.words["benchmark-value"] == "Value"
    assert found.words["note-text"] == "What happened"


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ({"low": "1.7", "high": "2"}, "begins above the target"),
        ({"low": "1", "high": "1.5"}, "ends below the target"),
        ({"low": "1.7", "high": "1.5"}, "begins above the target"),
    ],
)
def test_a_band_that_leaves_the_target_out_says_what_to_do(clicks, ed, client_of, band, said):
    sent = {"value": "1.6", "grain": "month", "first": "2026-01-01", "last": "2026-01-31", **band}
    refused = client_of(ed).post("/w/acme/metrics/clicks/watch/targets/", sent)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)


def test_what_is_left_out_is_chosen_among_the_dimensions_that_there_are(clicks, ed, client_of):
    browser = client_of(ed)
    page = browser.get("/w/acme/quality/").content.decode()
    assert '<option value="channel">Clicks</option>' in page
    assert "Every source" in page
    assert "No such choice" not in page
    rule = {"metric": "clicks", "dim": "nope", "dim_value": "x", "reason": "Robots"}
    refused = browser.post("/w/acme/quality/exclude/", rule)
    assert refused.status_code == 422
    assert "has no dimension “nope”. It has: channel." in refused.content.decode()
    to_come = browser.post("/w/acme/quality/exclude/", rule | {"dim": "channel"}, follow=True)
    assert "No observation fits this rule yet" in to_come.content.decode()


WATCHED = {
    "targets": {"value": "1.6", "grain": "month", "first": "2026-01-01", "last": "2026-01-31"},
    "benchmarks": {"value": "3", "source": "A report", "dated": "2026-01-31"},
    "notes": {"day": "2026-01-05", "text": "Sale"},
    "alerts": {"name": "Low", "condition": "below", "threshold": "5", "compare": "previous",
               "grain": "day", "persistence": "1"},
}  # fmt: skip
THEIRS = {
    "targets": ("value", "Target", "2"),
    "benchmarks": ("value", "Value", "2"),
    "notes": ("text", "What happened", "Fair"),
    "alerts": ("threshold", "By, or from", "2"),
}


@pytest.mark.parametrize("what", WATCHED)
def test_who_saves_second_sees_what_the_first_has_saved_and_can_go_on(clicks, ed, client_of, what):
    browser, sent = client_of(ed), WATCHED[what]
    watch = "/w/acme/metrics/clicks/watch/"
    assert browser.post(f"{watch}{what}/", sent).status_code == 302
    place = re.search(rf"{watch}{what}/\d+/", browser.get(watch).content.decode())[0]
    name, label, theirs = THEIRS[what]
    assert browser.post(place, sent | {name: theirs, "version": "1"}).status_code == 302
    late = browser.post(place, sent | {"version": "1"})
    assert late.status_code == 409
    told = [(one.label, one.mine, one.theirs) for one in late.context["form"].differences]
    assert told == [(label, sent[name], theirs)]
    assert 'name="version" value="2"' in late.content.decode()
    assert browser.post(place, sent | {"version": "2"}).status_code == 302


def test_of_past_data_it_is_said_that_they_are_past_and_not_that_they_are_late(acme, ed, client_of):
    metric = make_metric(acme)
    observe(metric, {"2020-01-05": 3, "2020-01-06": 3, "2020-01-07": 4})
    page = client_of(ed).get("/w/acme/metrics/clicks/watch/").content.decode()
    assert "These are past data" in page
    assert "The data are late" not in page
