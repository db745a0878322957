from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from metrics.models import Metric
from metrics.models.rollups import MetricRevision
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import (
    ALWAYS,
    define_metric,
    definition_of,
    redefine_metric,
    retire_metric,
)
from metrics.queries.series import read_value, revisions_of
from tests.make.metrics import make_metric, make_ratio, observe
from workspaces.models.events import Event
from workspaces.rules.errors import Refused, Stale

D = date(2026, 1, 1)


def redefine(metric, *, changes, version, by, at):
    definition = replace(definition_of(Metric.objects.get(pk=metric.pk)), **changes)
    return redefine_metric(metric, definition=definition, version=version, by=by, at=at)


pytestmark = pytest.mark.django_db


def test_a_metric_is_defined_and_told(acme, ed, noon):
    definition = Definition(key="clicks", name=" Total clicks ", unit="count", direction="up")
    metric = define_metric(acme, definition=definition, by=ed, at=noon)
    assert (metric.name, metric.kind, metric.owner, metric.version) == (
        "Total clicks",
        "additive",
        ed,
        1,
    )
    assert MetricRevision.objects.filter(metric=metric, value=0).exists()
    assert Event.objects.get(verb="metric.defined").data == {
        "name": "Total clicks",
        "key": "clicks",
    }


def test_a_ratio_divides_two_additive_metrics(acme):
    ratio = make_ratio(acme, scale="100.00")
    assert (ratio.numerator.key, ratio.denominator.key) == ("clicks", "sends")
    assert ratio.scale == Decimal(100)
    assert ratio.scale_text == "100"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "Clicks"}, "key"),
        ({"unit": "percent"}, "unit"),
        ({"key": "1clicks"}, "key"),
        ({"key": "cli cks"}, "key"),
        ({"key": "clicks\n"}, "key"),
        ({"key": "a" * 64}, "key"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"kind": "gauge"}, "kind"),
        ({"unit": "apples"}, "unit"),
        ({"direction": "sideways"}, "direction"),
        ({"decimals": 7}, "decimals"),
        ({"decimals": -1}, "decimals"),
        ({"unit": "currency"}, "currency"),
        ({"unit": "currency", "currency": "euro"}, "currency"),
        ({"description": "x" * 2001}, "description"),
        ({"kind": "ratio"}, "numerator"),
        ({"kind": "ratio", "numerator": "there"}, "denominator"),
        ({"kind": "ratio", "numerator": "there", "denominator": "not_there"}, "denominator"),
        ({"kind": "ratio", "numerator": "rate", "denominator": "there"}, "numerator"),
        ({"kind": "ratio", "numerator": "there", "denominator": "there", "scale": "0"}, "scale"),
        ({"kind": "ratio", "numerator": "there", "denominator": "there", "scale": "-1"}, "scale"),
        ({"kind": "ratio", "numerator": "there", "denominator": "there", "scale": "NaN"}, "scale"),
        ({"kind": "ratio", "numerator": "there", "denominator": "there", "scale": "1e2"}, "scale"),
        (
            {"kind": "ratio", "numerator": "there", "denominator": "there", "scale": "9" * 10},
            "scale",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_naming_the_field(acme, noon, fields, field):
    make_metric(acme, "there")
    make_ratio(acme, "rate", numerator="there", denominator="there")
    definition = Definition(**{"key": "new", "name": "New", **fields})
    with pytest.raises(Refused) as refused:
        define_metric(acme, definition=definition, by=None, at=noon)
    assert refused.value.field == field
    assert Metric.objects.count() == 2


def test_percentages_do_not_add_up_but_a_level_may_be_one(acme, ed, noon):
    share = make_metric(acme, "share", kind="last", unit="percent", decimals=1)
    for key, changes in (("share", {"kind": "additive"}), ("clicks", {"unit": "percent"})):
        metric = share if key == "share" else make_metric(acme, key)
        with pytest.raises(Refused, match="Percentages do not add up") as refusal:
            redefine(metric, changes=changes, version=1, by=ed, at=noon)
        assert refusal.value.field == "unit"
    Metric.objects.filter(key="clicks").update(unit="percent")  # from before the rule
    old = Metric.objects.get(key="clicks")
    renamed = redefine(old, changes={"name": "CTR of a tool"}, version=1, by=ed, at=noon)
    assert (renamed.name, renamed.unit) == ("CTR of a tool", "percent")


def test_a_key_is_taken_once_in_a_workspace(acme, globex):
    make_metric(acme, "clicks")
    make_metric(globex, "clicks")
    with pytest.raises(Refused, match="clicks") as refused:
        make_metric(acme, "clicks")
    assert refused.value.field == "key"
    assert Metric.objects.count() == 2


def test_T03_the_parts_of_a_ratio_are_of_the_same_workspace(acme, globex):
    make_metric(globex, "theirs")
    make_metric(acme, "ours")
    with pytest.raises(Refused, match="no metric"):
        make_metric(acme, "rate", kind="ratio", numerator="theirs", denominator="ours")


def test_a_definition_changes_with_its_version(acme, ed, noon):
    metric = make_metric(acme)
    changed = redefine(
        metric, changes={"name": "All clicks", "direction": "down"}, version=1, by=ed, at=noon
    )
    assert (changed.name, changed.direction, changed.version) == ("All clicks", "down", 2)
    assert changed.definition_revision == 2
    told = Event.objects.get(verb="metric.redefined")
    assert told.data["fields"] == ["name", "direction"]


def test_only_what_changes_the_meaning_raises_the_revision(acme, ed, noon):
    metric = make_metric(acme)
    changed = redefine(metric, changes={"description": "New"}, version=1, by=ed, at=noon)
    assert (changed.version, changed.definition_revision) == (2, 1)
    same = redefine(changed, changes={"description": "New"}, version=2, by=ed, at=noon)
    assert same.version == 2
    assert Event.objects.filter(verb="metric.redefined").count() == 1


def test_a_stale_change_is_refused_with_what_is_there(acme, ed, mia, noon):
    metric = make_metric(acme)
    redefine(metric, changes={"name": "First"}, version=1, by=ed, at=noon)
    with pytest.raises(Stale) as stale:
        redefine(metric, changes={"name": "Second"}, version=1, by=mia, at=noon)
    assert stale.value.current.name == "First"
    assert Metric.objects.get().name == "First"


@pytest.mark.parametrize(
    "changes", [{"decimals": 2}, {"unit": "currency", "currency": "EUR"}, {"kind": "ratio"}]
)
def test_kind_decimals_and_currency_are_fixed_from_the_first_observation_on(
    acme, ed, noon, changes
):
    metric = make_metric(acme)
    make_metric(acme, "a")
    if changes.get("kind"):
        changes = {**changes, "numerator": "a", "denominator": "a"}
    redefine(metric, changes={"decimals": 1}, version=1, by=ed, at=noon)
    observe(metric, {D: 5})
    with pytest.raises(Refused) as refused:
        redefine(metric, changes=changes, version=2, by=ed, at=noon)
    assert refused.value.code == "fixed_by_observations"
    assert Metric.objects.get(pk=metric.pk).decimals == 1


def test_a_ratio_can_be_redefined_and_its_revision_shows_it(acme, ed, noon):
    ratio = make_ratio(acme)
    opens = make_metric(acme, "opens")
    observe(ratio.numerator, {D: 5})
    observe(ratio.denominator, {D: 100})
    observe(opens, {D: 50})
    before = revisions_of(acme, [ratio.pk])[ratio.pk]
    today = acme.day_of(noon)
    observe(ratio.numerator, {today: 5})
    observe(ratio.denominator, {today: 100})
    observe(opens, {today: 50})
    changed = redefine(ratio, changes={"denominator": "opens"}, version=1, by=ed, at=noon)
    assert read_value(changed, first=today, last=today) == 10
    assert read_value(changed, first=D, last=D) == 5  # before the change it is what it was
    again = redefine_metric(
        changed, definition=replace(definition_of(changed), scale="200"), version=changed.version,
        since=ALWAYS, by=ed, at=noon,
    )  # fmt: skip
    assert read_value(again, first=D, last=D) == 20
    assert read_value(again, first=D, last=D, version=1) == 5
    assert revisions_of(acme, [ratio.pk])[ratio.pk] != before


def test_a_ratio_of_a_ratio_is_refused_also_by_changing_a_part(acme, ed, noon):
    ratio = make_ratio(acme)
    make_metric(acme, "other")
    with pytest.raises(Refused) as refused:
        redefine(
            ratio.numerator,
            changes={"kind": "ratio", "numerator": "other", "denominator": "other"},
            version=1, by=ed, at=noon,
        )  # fmt: skip
    assert refused.value.code == "part_of_a_ratio"


def test_a_retired_metric_keeps_its_numbers(acme, ed, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5})
    retired = retire_metric(metric, by=ed, at=noon)
    assert retired.retired_at == noon
    assert read_value(retired, first=D, last=D) == 5
    assert retire_metric(retired, by=ed, at=noon).version == retired.version
    assert Event.objects.filter(verb="metric.retired").count() == 1
    with pytest.raises(Refused, match="retired"):
        redefine(retired, changes={"name": "X"}, version=retired.version, by=ed, at=noon)


def test_a_part_of_a_ratio_in_use_does_not_retire(acme, ed, noon):
    ratio = make_ratio(acme)
    with pytest.raises(Refused, match="part of"):
        retire_metric(ratio.numerator, by=ed, at=noon)
    retire_metric(ratio, by=ed, at=noon)
    retire_metric(ratio.numerator, by=ed, at=noon)
