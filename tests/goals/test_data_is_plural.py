"""Goals on a real newsletter: nothing that is asked at a month's end knows a later day.

The same properties hold on a seeded series of the same shape, which is always here.
"""

import csv
import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from goals.models import Goal, GoalForecast
from goals.operations.forecasts import BACK, forecast_goals
from goals.queries.lint import findings_of
from goals.queries.splits import Asked, SplitPage, modes_of, split_of
from goals.queries.standing import standings
from goals.rules.decomposition import Mode, mean_of
from goals.rules.lint import Code
from goals.rules.progress import Basis
from metrics.models import Metric
from metrics.operations.import_runs import run_import
from metrics.operations.imports import Brought, map_import, start_import
from metrics.operations.rollups import roll_up
from metrics.queries.parts import read_parts
from metrics.rules.periods import Grain, Span
from tests.make.goals import make_goal, measured, observe
from tests.make.imports import CLICKS, plan
from tests.support.answers import DATA, answers_of, needs_data
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal
DAY = timedelta(days=1)
Days = dict[str, int]
EXPORT = {
    "version": 1,
    "source": "newsletter",
    "day": {"column": "sent_at_date", "format": "%Y-%m-%d"},
    "key": ["id"],
    "metrics": [{"metric": "clicks", "column": "clicks"}],
    "create": [CLICKS],
}


def real() -> Days:
    """Total clicks by the day on which the edition was sent."""
    found: Days = defaultdict(int)
    with (DATA / "data_is_plural" / "messages.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["sent_at_date"]] += int(row["stats.total_clicks"])
    return dict(sorted(found.items()))


def seeded() -> Days:
    """Three and a half years of weekly letters that grow, with a few weeks left out."""
    chance, first = random.Random(20151021), date(2016, 1, 6)
    weeks = [week for week in range(182) if chance.random() > 0.08]
    return {
        (first + 7 * week * DAY).isoformat(): round(2000 * 1.004**week * chance.uniform(0.5, 1.6))
        for week in weeks
    }


SERIES = [  # and at which of their months' ends one looks
    pytest.param(real, 1, id="real", marks=[needs_data, pytest.mark.once]),
    pytest.param(seeded, 8, id="seeded"),
]


def months_of(days: Days) -> dict[date, int]:
    """The clicks of each month, by its first day."""
    found: dict[date, int] = defaultdict(int)
    for day, value in days.items():
        found[date.fromisoformat(day).replace(day=1)] += value
    return dict(found)


def after(month: date, count: int) -> date:
    """The first day of the month so many months later."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def iso(*days: date) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in days)


def morning_after(end: date) -> datetime:
    """The first hours of the next month: its last day is complete."""
    return datetime.combine(end + DAY, time(9), UTC)


def year_from(metric: Metric, start: date, at: datetime, **words) -> Goal:
    """Twelve months against the twelve before, by the season."""
    usual = {"percent": "25", "course": "seasonal", "baseline": iso(after(start, -12), start - DAY)}
    window = iso(start, after(start, 12) - DAY)
    return make_goal(metric, "A year", window=window, at=at, **{**usual, **words})


def numbers_of(goal: Goal, at: datetime) -> dict[str, object]:
    """All that a goal says of the numbers; whether more of them are due is asked of their feed."""
    standing = standings(goal.workspace, [goal], at, curves=False)[goal.pk]
    split = split_of(goal, Asked(Grain.QUARTER, Mode.SEASONAL), at)
    findings = findings_of(goal.workspace, goal, at)
    return {
        "promise": (goal.baseline, goal.target),
        "value": (standing.value, standing.progress, standing.until),
        "course": (standing.expected, standing.pace, [part.planned for part in split.parts]),
        "lint": [one.fault for one in findings if one.code is not Code.DATA_LATE],
    }


def landing_of(goal: Goal, metric: Metric, at: datetime) -> tuple[str, ...]:
    """Where the goal would land if it were on that metric; the chances are seeded by the goal."""
    goal.metric = metric
    until = at.date() - DAY
    forecast_goals(goal.workspace, [goal], {}, until=until, at=at)
    row = GoalForecast.objects.get(goal=goal)
    row.delete()
    return (row.reason, row.model, row.low_value, row.middle_value, row.high_value)


def drawn_from(metric: Metric, end: date) -> object:
    """The days that a forecast at the end of that day is drawn from."""
    asked = (metric.pk, metric.definition_revision)
    return read_parts(metric.workspace, [asked], Span(end - BACK, end))[asked].days


def told(metrics: tuple[Metric, ...], start: date, end: date) -> list[object]:
    """What a goal of twelve months says on the morning after a month's end, on each metric."""
    at, found = morning_after(end), []
    for metric in metrics:
        try:
            goal = year_from(metric, start, at)
        except Refused as refusal:
            found.append(refusal.message)
            continue
        found.append(numbers_of(goal, at))
        if start <= end:
            landings = [landing_of(goal, one, at) for one in metrics]
            assert landings == landings[:1] * len(metrics), end
        goal.delete()
    return found


@pytest.mark.parametrize(("series", "every"), SERIES)
def test_a_goal_set_at_a_months_end_knows_no_later_day(acme, series, every):
    """One metric knows all days, one no day after the month; what is asked of both is the same."""
    days = series()
    whole, grown = measured(acme, "whole", days), measured(acme, "grown")
    months = list(months_of(days))
    since = ""
    for done in range(every, len(months) + 1, every):
        end = after(months[done - 1], 1) - DAY
        last = end.isoformat()
        observe(grown, {day: value for day, value in days.items() if since < day <= last})
        since = last
        assert drawn_from(whole, end) == drawn_from(grown, end), end
        starts = [end + DAY, after(end + DAY, -3)]  # landings take long: one each quarter
        for start in starts if end.month % 3 == 0 else starts[:1]:
            knows, ought = told((whole, grown), start, end)
            assert knows == ought, (start, end)


def growths(months: dict[date, int], before: date) -> list[Decimal]:
    """By hand: each twelve months that end before a day, against the twelve before them."""
    values = [D(value) for month, value in sorted(months.items()) if month < before]
    ends = range(24, len(values) + 1)
    pairs = [(sum(values[end - 12 : end]), sum(values[end - 24 : end - 12])) for end in ends]
    return [now / then - 1 for now, then in pairs if then]


@pytest.mark.parametrize(("series", "every"), SERIES)
def test_the_lint_finds_harder_than_every_past_window_where_it_is(acme, series, every):
    """A little more than the best of the past is harder, a little less is not."""
    days = series()
    months, metric = months_of(days), measured(acme, "clicks", days)
    looked = 0
    for start in list(months)[1::every]:
        past = growths(months, start)
        if len(past) < 3:
            continue
        at = morning_after(start - DAY)
        for more, harder in ((D("0.001"), True), (D("-0.001"), False)):
            percent = str(round((max(past) + more) * 100, 4))
            goal = year_from(metric, start, at, percent=percent)
            found = {one.code: one for one in findings_of(acme, goal, at)}
            assert (Code.HARDER_THAN_EVER in found) is harder, (start, percent)
            if harder:
                facts = found[Code.HARDER_THAN_EVER].fault.facts
                assert facts["windows"] == len(past)
                assert round(facts["best"], 12) == round(max(past), 12)
            goal.delete()
        looked += 1
    assert looked > 1


@pytest.mark.parametrize(("series", "every"), SERIES)
def test_every_split_of_every_year_recomposes_exactly(acme, series, every):
    days = series()
    metric = measured(acme, "clicks", days)
    level = measured(acme, "readers", days, kind="last")
    for number, start in enumerate(list(months_of(days))[13::every]):
        at = morning_after(start - DAY)
        into = (Grain.QUARTER, Grain.MONTH, Grain.WEEK)[number % 3]
        bases = {Basis.CUMULATIVE: metric, Basis.AVERAGE: metric, Basis.YOY: metric}
        for basis, on in {**bases, Basis.LEVEL: level}.items():
            words = {"course": "linear", "basis": basis.value, "grain": into.value}
            if basis is not Basis.CUMULATIVE:
                words["baseline"] = None
            goal = year_from(on, start, at, **words)
            for mode in modes_of(goal):
                page = split_of(goal, Asked(into, mode), at)
                if not page.refusal:
                    assert recomposes(basis, page, goal.target), (start, basis, mode)
            goal.delete()


def recomposes(basis: Basis, page: SplitPage, target: Decimal) -> bool:
    """Whether parts of such a goal come to it: by their sum, their end, or their mean by days."""
    parts = [part.planned for part in page.parts]
    if basis is Basis.LEVEL:
        return parts[-1] == target
    if basis is Basis.AVERAGE:
        days = [Decimal(part.span.days) for part in page.parts]
        return abs(mean_of(parts, days) - target) < Decimal("1e-8")
    return sum(parts) == target


def export_of(days: Days) -> str:
    """The tool's export: one edition a day, which keeps its number."""
    rows = [f"{number},{day},{clicks}" for number, (day, clicks) in enumerate(days.items())]
    return "\n".join(["id,sent_at_date,clicks", *rows]) + "\n"


def bring_in(by, days: Days, at: datetime) -> None:
    run = start_import(
        by.workspace, brought=Brought("m.csv", [export_of(days).encode()]), by=by, at=at
    )
    map_import(run, plan=plan(EXPORT, check_only=False, run_here=True), by=by, at=at)
    run_import(run, clock=lambda: at)
    roll_up()


@pytest.mark.parametrize(("series", "every"), SERIES)
def test_what_a_second_import_restates_is_told_as_known_on_each_day(
    acme, ed, api_of, series, every
):
    """The second export counts two months higher: the goal moves, its baseline stays as it was."""
    days = series()
    months = list(months_of(days))
    start, at = months[-2], morning_after(after(months[-1], 1) - DAY)
    later, touched = at + 9 * DAY, {month.isoformat()[:7] for month in months[-3:-1]}
    restated = {day: n * 2 if day[:7] in touched else n for day, n in days.items()}
    bring_in(ed, days, at)
    metric = Metric.objects.get()
    goal = year_from(metric, start, at)
    bring_in(ed, restated, later)

    def told_months(**asked):
        url = f"/api/v1/workspaces/acme/metrics/{metric.key}/series/"
        answer = api_of(ed).get(url, {"grain": "month", **asked}).json()
        return {p["period"]: int(p["value"]) for p in answer["series"][0]["points"] if p["value"]}

    assert told_months(known_at=at.isoformat()) == by_label(months_of(days))
    assert told_months(known_at=later.isoformat()) == by_label(months_of(restated))
    assert told_months() == by_label(months_of(restated))
    before, now = months_of(days), months_of(restated)
    assert goal.baseline == sum(before[month] for month in months[-14:-2])
    goal.refresh_from_db()
    assert goal.baseline == sum(before[month] for month in months[-14:-2])
    found = standings(acme, [goal], later)[goal.pk]
    assert found.value == now[months[-2]] + now[months[-1]]


def by_label(months: dict[date, int]) -> dict[str, int]:
    return {month.isoformat()[:7]: value for month, value in months.items()}


@needs_data
def test_vector_11_a_year_of_the_newsletter(acme):
    """171,934 clicks in 2019, 17,826 of 214,917.5 in January: 8.3 %, a pace of 1.0."""
    metric = measured(acme, "clicks", real())
    at = morning_after(date(2020, 1, 31))
    goal = year_from(metric, date(2020, 1, 1), at, course="linear")
    found = standings(acme, [goal], at)[goal.pk]
    assert (goal.baseline, found.value) == (171_934, 17_826)
    assert round(found.progress * 100, 1) == D("8.3")
    assert round(found.facts.pace, 1) == D("1.0")
    assert answers_of("data_is_plural")["dip02"]["2020-01"] == 17_826
