"""The mission typed in by hand: a need becomes a metric, a goal, steps and tasks, and comes back.

“CTR = clicks in a month / unique recipients in that month x 100.” “We will raise total clicks from
e-mail by 25 % in one year.” Two people, only the pages' own forms; REST says what the pages say.
"""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from goals.jobs import review_goals
from goals.models import Goal
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_waiting
from metrics.operations.rollups import roll_up
from tasks.models import Card
from tests.goals.views.reading import text_of
from tests.make.imports import clock
from tests.support.forms import form_with, submit
from workspaces.models import Stakeholder

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme"
LAST_YEAR = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


def url(name, **kwargs):
    return reverse(name, kwargs={"slug": "acme", **kwargs})


def mailings(months: dict[str, int]) -> str:
    """Two mails a month to the same twenty people; so many of them click on each, once."""
    lines = ["sent_on,recipient,clicks"]
    for month, clicks in months.items():
        for day in ("05", "20"):
            lines += [f"{month}-{day},r{n},{int(n < clicks)}" for n in range(20)]
    return "\n".join(lines) + "\n"


def bring_in(browser, content, **changed):
    """Upload, say what the columns are, check, import; the worker runs between."""
    upload = url("metrics:import_new")
    file = SimpleUploadedFile("mailings.csv", content.encode())
    columns = browser.post(upload, {"file": file}, follow=True)
    form = form_with(columns, "c0-role")
    checked = browser.post(form.action, form.values | changed, follow=True)
    run_waiting(clock=clock)
    run = ImportRun.objects.latest("pk")
    page = browser.get(url("metrics:import_check", pk=run.pk))
    assert "Every row can be read" in text_of(page), text_of(checked)
    browser.post(url("metrics:import_run", pk=run.pk), follow=True)
    run_waiting(clock=clock)
    roll_up()
    return text_of(browser.get(url("metrics:import_run_page", pk=run.pk)))


def need(browser):
    submit(
        browser,
        url("workspaces:new_stakeholder"),
        name="Management",
        need="To see what e-mail brings.",
        outcome="One page a month: goal, number, next step.",
    )
    return Stakeholder.objects.get()


def define(browser):
    new = url("metrics:new")
    submit(browser, new, name="Total clicks", key="clicks")
    submit(browser, new, name="Unique recipients", key="recipients", kind="unique")
    submit(
        browser, new, name="CTR", key="ctr", kind="ratio", numerator="clicks",
        denominator="recipients", scale="100", unit="percent", decimals="2",
    )  # fmt: skip
    return {metric.key: metric for metric in Metric.objects.all()}


def promise(browser, metric, stakeholder):
    submit(
        browser,
        url("goals:new"),
        title="Total clicks from e-mail +25 % in one year",
        metric=metric.pk,
        start="2026-01-01",
        end="2026-12-31",
        amount="25",
        stakeholder=stakeholder.pk,
        specific="Clicks in all e-mails, counted by the mail tool.",
        realistic="Two people, half a day a week each.",
    )
    goal = Goal.objects.get()
    submit(browser, f"{url('goals:split', pk=goal.pk)}?into=quarter&mode=linear", shape="steps")
    return goal


def assign(browser, goal, title, member):
    new = f"{url('tasks:new_card')}?goal={goal.pk}"
    submit(browser, new, title=title, assignee=member.pk, goal=goal.pk, due_on="2026-03-06")
    return Card.objects.get(title=title)


def test_the_mission_is_typed_in_end_to_end(mia, ed, client_of, api_of):
    manager, member = client_of(mia), client_of(ed)
    management = need(manager)
    metrics = define(manager)
    known = {"c1-role": "", "c2-metric": "clicks"}
    people = {"n0-counts": "people", "n0-column": "recipient", "n0-metric": "recipients"}
    bring_in(manager, mailings(dict.fromkeys(LAST_YEAR, 5)), **known, **people)

    goal = promise(manager, metrics["clicks"], management)
    assert (goal.baseline, goal.target) == (120, 150)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [int(step.target) for step in steps] == [33, 36, 39, 42]
    submit(manager, url("tasks:new_board"), name="E-mail")
    lists = assign(manager, steps[0], "Redefine the e-mail contact lists", ed)
    audit = assign(manager, goal, "Audit the current e-mail workflows", mia)

    bring_in(manager, mailings({"2026-01": 6, "2026-02": 7}))
    review_goals()
    read = api_of(ed).get
    ctr = read(f"{API}/metrics/ctr/series/", {"grain": "month", "from": "2026-01-01"}).json()
    points = {one["period"]: one["value"] for one in ctr["series"][0]["points"]}
    assert (points["2026-01"], points["2026-02"]) == ("60", "70")  # twenty people, not forty mails
    assert "70.00" in text_of(member.get(url("metrics:metric", key="ctr")))
    told = read(f"{API}/goals/{goal.pk}/").json()
    assert (told["value"], told["target"]["value"], told["status"]) == ("26", "150", "at_risk")
    assert (told["progress"][:6], told["pace"][:5]) == ("0.1733", "1.054")
    first = read(f"{API}/goals/{steps[0].pk}/").json()
    assert (first["value"], first["target"]["value"], first["status"]) == ("26", "33", "on_track")
    page = text_of(manager.get(url("goals:goal", pk=goal.pk)))
    assert "Now, to 1 Mar 26 better 30.0 % YoY" in page
    assert "Target, 31 Dec 150 120 +25 % Baseline 120 1 Jan – 31 Dec 2025" in page
    assert "Progress, pace 1.05 17 % of 16 % expected" in page
    assert "For whom Management To see what e-mail brings." in page
    for browser, card in ((member, lists), (manager, audit)):
        browser.post(url("tasks:tick", pk=card.pk), {"done": "on"})
    assert "Nothing waits for you." in text_of(member.get(url("tasks:my_work")))
    overview = text_of(member.get(url("reports:overview")))
    assert "Total clicks from e-mail +25 % in one year 26 better 30.0 % YoY" in overview


def test_vector_9_more_than_a_hundred_percent_is_imported_with_a_warning(mia, client_of):
    """142 clicks of 100 mails: people click twice, so it is a value, and worth a look."""
    browser = client_of(mia)
    rows = "sent_on,delivered,clicks\n" + "".join(
        f"2026-02-{day:02},100,{142 if day == 20 else 40}\n" for day in range(1, 29)
    )
    bring_in(browser, rows)
    page = text_of(browser.get(url("metrics:quality")))
    assert "One day lies above 100 %: 142 %." in page
    ctr = Metric.objects.get(kind="ratio")
    assert "142.00" in text_of(browser.get(url("metrics:metric", key=ctr.key), {"grain": "day"}))
