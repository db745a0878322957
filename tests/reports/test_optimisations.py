"""Optimisations: what a change brought, once it can be told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.operations.purging import delete_metric
from metrics.rules.periods import Span
from reports.models import Optimisation
from reports.operations.optimisations import (
    Draft,
    change_optimisation,
    end_optimisation,
    remove_optimisation,
)
from reports.queries.optimisations import optimisations_of, tried
from reports.rules.effects import Verdict, effect_of, spans_of
from tests.make.goals import every_day, measured, observe, ratio
from tests.make.people import make_unique, meet
from tests.make.reviews import make_optimisation
from tests.make.workspaces import make_workspace, owner_of
from workspaces.rules.errors import Refused, Stale

D = Decimal
LATER = timedelta(days=30)


def test_both_sides_are_as_long_and_touch_on_the_first_day():
    before, after = spans_of(date(2026, 2, 9), 7)
    assert (before, after) == (
        Span(date(2026, 2, 2), date(2026, 2, 8)),
        Span(date(2026, 2, 9), date(2026, 2, 15)),
    )


@pytest.mark.parametrize(
    ("values", "complete", "until", "verdict", "change"),
    [
        ((D(10), D(12)), 15, 15, Verdict.MEASURED, D("0.2")),
        ((D(-10), D(-5)), 15, 15, Verdict.MEASURED, D("0.5")),
        ((D(0), D(12)), 15, 15, Verdict.MEASURED, None),
        ((None, D(12)), 15, 15, Verdict.NO_DATA, None),
        ((D(10), D(12)), 14, 15, Verdict.TOO_EARLY, None),
        ((D(10), D(12)), 20, 14, Verdict.LATE, None),
        ((D(10), D(12)), 20, None, Verdict.LATE, None),
    ],
)
def test_an_effect_is_told_when_all_days_are_over_and_in(values, complete, until, verdict, change):
    after = Span(date(2026, 2, 9), date(2026, 2, 15))
    known = until and date(2026, 2, until)
    found = effect_of(after, values, complete=date(2026, 2, complete), data_until=known)
    assert (found.verdict, found.change) == (verdict, change)


pytestmark = pytest.mark.django_db


def effect(row, at):
    return tried(row.workspace, [row], at)[0].effect


def test_it_is_too_early_until_the_last_day_is_over(acme, noon):
    clicks = measured(acme, "clicks", every_day("2026-02-01", "2026-03-15", 10))
    row = make_optimisation(clicks, "2026-03-01")
    assert [effect(row, noon + timedelta(days=n)).verdict for n in (5, 6)] == [
        Verdict.TOO_EARLY,
        Verdict.MEASURED,
    ]


def test_a_ratio_is_a_ratio_of_sums_on_both_sides(acme, noon):
    clicks = measured(acme, "clicks", {"2026-02-02": 50, "2026-02-03": 20, "2026-02-09": 30})
    sent = measured(acme, "sent", {"2026-02-02": 100, "2026-02-03": 2000, "2026-02-09": 600})
    observe(clicks, {"2026-02-15": 0})
    observe(sent, {"2026-02-15": 0})
    found = effect(make_optimisation(ratio(acme, "ctr", clicks, sent), "2026-02-09"), noon)
    assert (round(found.before, 2), found.after) == (D("3.33"), D(5))
    assert round(found.change, 2) == D("0.50")


def test_people_are_counted_once_on_each_side(acme, noon):
    openers = make_unique(acme)
    meet(openers, {"2026-02-02": "ab", "2026-02-03": "b", "2026-02-09": "ab", "2026-02-15": "bcd"})
    found = effect(make_optimisation(openers, "2026-02-09"), noon)
    assert (found.before, found.after, found.change) == (D(2), D(4), D(1))


def test_an_improvement_is_judged_by_the_side_that_is_better(acme, noon):
    costs = measured(acme, "costs", every_day("2026-02-01", "2026-02-08", 10), direction="down")
    observe(costs, every_day("2026-02-09", "2026-02-20", 8))
    (one,) = tried(acme, [make_optimisation(costs, "2026-02-09")], noon)
    assert (one.effect.change, one.is_good) == (D("-0.2"), True)


def test_it_is_corrected_until_it_has_taught_something(acme, ed, noon):
    clicks = measured(acme, "clicks")
    row = make_optimisation(clicks, "2026-02-09")
    draft = Draft("Longer form", clicks, date(2026, 2, 10), days=14)
    changed = change_optimisation(row, draft=draft, version=1, by=ed, at=noon)
    assert (changed.title, changed.days, changed.version) == ("Longer form", 14, 2)
    with pytest.raises(Stale):
        change_optimisation(row, draft=draft, version=1, by=ed, at=noon)
    with pytest.raises(Refused, match="Say what was learnt"):
        end_optimisation(row, learnt=" ", version=2, by=ed, at=noon)
    ended = end_optimisation(row, learnt="Nobody reads it", version=2, by=ed, at=noon)
    with pytest.raises(Refused, match="written down already"):
        change_optimisation(row, draft=draft, version=ended.version, by=ed, at=noon)


def test_what_cannot_be_is_refused_with_a_sentence(acme, ed, noon):
    clicks, elsewhere = measured(acme, "clicks"), measured(make_workspace("other"), "clicks")
    row = make_optimisation(clicks, "2026-02-09")
    day = date(2026, 2, 9)
    for draft, field in (
        (Draft(" ", clicks, day), "title"),
        (Draft("x" * 201, clicks, day), "title"),
        (Draft("x", clicks, day, "y" * 2001), "hypothesis"),
        (Draft("x", elsewhere, day), "metric"),
        (Draft("x", clicks, date(1066, 1, 1)), "started_on"),
        (Draft("x", clicks, day, days=9), "days"),
    ):
        with pytest.raises(Refused) as refusal:
            change_optimisation(row, draft=draft, version=1, by=ed, at=noon)
        assert refusal.value.field == field


def test_a_metric_that_shows_an_optimisation_is_deleted_after_it(acme, ed, noon):
    clicks = measured(acme, "clicks")
    row = make_optimisation(clicks, "2026-02-09")
    with pytest.raises(Refused, match="Shorter form"):
        delete_metric(clicks, by=ed, at=noon)
    remove_optimisation(row, by=ed, at=noon)
    remove_optimisation(row, by=ed, at=noon)
    delete_metric(clicks, by=ed, at=noon)
    assert not Optimisation.objects.exists()


def test_many_take_as_many_queries_as_one(acme, noon):
    clicks = measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))
    counts = []
    for number in (1, 9):
        for _row in range(number):
            make_optimisation(clicks, "2026-02-09")
        with CaptureQueriesContext(connection) as asked:
            tried(acme, list(optimisations_of(acme)), noon)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert owner_of(acme)
