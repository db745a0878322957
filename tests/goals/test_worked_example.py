"""“Forty percent in four quarters”, typed into the pages: each row of the table becomes a plan."""

import re
from dataclasses import dataclass

import pytest
import time_machine
from django.urls import reverse

from goals.models import Goal
from tests.goals.views.reading import text_of
from tests.make.goals import measured
from tests.support.forms import form_with, submit

pytestmark = pytest.mark.django_db
FLAT = {f"2025-{month:02}-15": 10_000 for month in (2, 5, 8, 11)}  # a base quarter is 1.00


@dataclass(frozen=True)
class Row:
    """A reading, the goal that says it, and what the table says of it."""

    basis: str
    kind: str
    amount: str
    mode: str
    quarters: tuple[int, ...]
    rate: str
    total: str
    exit: str


ROWS = {
    "ten_percent_compounding": Row(
        "cumulative", "value", "51051", "compound", (11000, 12100, 13310, 14641),
        "10.00", "27.6", "46.4",
    ),
    "ten_percent_of_baseline": Row(
        "cumulative", "percent", "25", "linear", (11000, 12000, 13000, 14000),
        "10.00", "25.0", "40.0",
    ),
    "forty_percent_on_the_year_before": Row(
        "yoy", "percent", "40", "each", (14000,) * 4, "40.00", "40.0", "40.0",
    ),
    "ten_percent_on_the_year_before": Row(
        "yoy", "percent", "10", "each", (11000,) * 4, "10.00", "10.0", "10.0",
    ),
    "compounding_for_the_exit": Row(
        "level", "percent", "40", "compound", (10878, 11832, 12871, 14000), "8.78", "24.0", "40.0",
    ),
    "compounding_for_the_total": Row(
        "cumulative", "percent", "40", "compound", (11392, 12978, 14785, 16845),
        "13.92", "40.0", "68.4",
    ),
    "equal_steps_for_the_total": Row(
        "cumulative", "percent", "40", "linear", (11600, 13200, 14800, 16400),
        "16.00", "40.0", "64.0",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def leads(acme):
    """E-mail leads: a flat year, and January and February of the next."""
    return measured(acme, "leads", FLAT | {"2026-02-15": 9000}, name="E-mail leads")


def set_by_the_form(browser, leads, row: Row) -> Goal:
    page = submit(
        browser,
        reverse("goals:new", kwargs={"slug": "acme"}),
        title="E-mail leads",
        metric=leads.pk,
        basis=row.basis,
        grain="quarter",
        kind=row.kind,
        amount=row.amount,
        start="2026-01-01",
        end="2026-12-31",
        specific="Leads from e-mail, all forms.",
    )
    goal = Goal.objects.get(parent=None)
    assert page.redirect_chain[-1][0] == reverse("goals:goal", args=("acme", goal.pk))
    return goal


def planned(page) -> tuple[int, ...]:
    """The bold figures of the plan, top down."""
    found = re.findall(r'data-label="Plan"><b>(.*?)</b></td>', page.content.decode(), re.DOTALL)
    return tuple(int(re.sub(r"<[^>]+>|\D", "", figure)) for figure in found)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_vector_7_each_row_of_the_table_is_typed_shown_and_applied(
    leads, ed, client_of, api_of, row
):
    browser = client_of(ed)
    goal = set_by_the_form(browser, leads, row)
    here = reverse("goals:split", args=("acme", goal.pk))
    asked = {"into": "quarter", "mode": row.mode}
    live = browser.get(here, asked, headers={"HX-Request": "true"})
    assert "<html" not in live.content.decode()
    assert planned(live) == row.quarters
    shares = (row.rate, row.total, row.exit) if row.basis != "yoy" else (row.rate,)
    for share in shares:
        assert f"{share} %" in text_of(live).replace("\u202f", " ").replace("\xa0", " ")
    told = api_of(ed).get(f"/api/v1/workspaces/acme/goals/{goal.pk}/split/", asked).json()
    assert tuple(int(part["planned"]) for part in told["parts"]) == row.quarters
    way = next(way for way in told["ways"] if way["mode"] == row.mode)
    assert round(float(way["rate"]) * 100, 2) == float(row.rate)
    if row.basis != "yoy":
        found = [float(way[name]) * 100 for name in ("total", "exit")]
        assert found == pytest.approx([float(row.total), float(row.exit)], abs=0.051)
    submit(browser, f"{here}?into=quarter&mode={row.mode}", shape="steps")
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert tuple(int(step.target) for step in steps) == row.quarters
    tree = text_of(browser.get(reverse("goals:goal", args=("acme", goal.pk))))
    assert all(f"2026-Q{number}" in tree for number in range(1, 5))


def test_parts_by_hand_are_added_up_while_they_are_typed(leads, ed, client_of):
    browser = client_of(ed)
    goal = set_by_the_form(browser, leads, ROWS["equal_steps_for_the_total"])
    here = reverse("goals:split", args=("acme", goal.pk))
    form = form_with(browser.get(here, {"mode": "manual"}), "part")
    assert sum(map(int, form.values["part"])) == 56_000
    typed = form.values | {"part": ["10000", "12000", "15000", "18000"]}
    assert "come to 55,000, the goal is 56,000" in text_of(browser.get(here, typed))
    refused = browser.post(here, typed | {"shape": "steps"})
    assert (refused.status_code, Goal.objects.count()) == (422, 1)
    good = typed | {"part": ["10000", "12000", "15000", "19000"], "shape": "steps"}
    assert browser.post(here, good).status_code == 302
    targets = [int(step.target) for step in Goal.objects.filter(parent=goal).order_by("start")]
    assert targets == [10_000, 12_000, 15_000, 19_000]


def test_the_page_lists_all_seven_readings_of_forty_percent(leads, ed, client_of):
    browser = client_of(ed)
    goal = set_by_the_form(browser, leads, ROWS["equal_steps_for_the_total"])
    page = text_of(browser.get(reverse("goals:split", args=("acme", goal.pk))))
    listed = re.findall(r"(\d+\.\d\d) % \+?(\d+\.\d) % \+?(\d+\.\d) %", page.replace("\xa0", " "))
    assert listed[-7:] == [
        ("10.00", "27.6", "46.4"),
        ("10.00", "25.0", "40.0"),
        ("40.00", "40.0", "40.0"),
        ("10.00", "10.0", "10.0"),
        ("8.78", "24.0", "40.0"),
        ("13.92", "40.0", "68.4"),
        ("16.00", "40.0", "64.0"),
    ]
