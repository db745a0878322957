"""The demo workspace: a believable marketing team in mid-flight, made by the product's operations.

Safe to run again: the first start makes it, every later one only brings the numbers up to
yesterday. The same seed gives the same data for the same opening day.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import now

from goals.models import Goal
from goals.operations.reviews import review_goals
from goals.operations.track_record import score_forecasts
from metrics.models import Metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.series import latest_days
from mops import (
    demo_cycles,
    demo_data,
    demo_faces,
    demo_goals,
    demo_intake,
    demo_metrics,
    demo_post,
    demo_pulse,
    demo_repeat,
    demo_reviews,
    demo_rounds,
    demo_sla,
    demo_strategy,
    demo_talk,
    demo_templates,
    demo_watch,
    demo_work,
)
from mops.demo_script import Script
from workspaces.models import Membership, Notification, Stakeholder, Workspace
from workspaces.operations.members import add_member, find_or_make_user
from workspaces.operations.notifications import read_notification
from workspaces.operations.stakeholders import add_stakeholder
from workspaces.operations.workspaces import open_workspace
from workspaces.rules.roles import Role
from workspaces.rules.stakes import Level

SLUG = "demo"
ZONE = "Europe/Warsaw"
BATCH_DAYS = 28
EARLY = time(6)
SIGN_INS = (  # the four that are printed, then two colleagues without a password
    ("owner", "Jo D.", Role.OWNER),
    ("manager", "Ana K.", Role.MANAGER),
    ("editor", "Sam L.", Role.EDITOR),
    ("viewer", "Rui V.", Role.VIEWER),
)
COLLEAGUES = (("mika", "Mika R."), ("tess", "Tess N."))


@dataclass(frozen=True)
class Stake:
    """A stakeholder as the demo's team wrote them down."""

    name: str
    role: str
    need: str
    outcome: str
    unspoken: str = ""
    influence: Level | None = None
    interest: Level | None = None
    reports_to: str = ""


STAKEHOLDERS = (
    Stake(
        "Management",
        "Decides on the budget",
        "To see what e-mail and paid search earn, on one page and without asking.",
        "One page a month: goal, number, money, next step.",
        unspoken="To know early which goal will be missed.",
        influence=Level.HIGH,
        interest=Level.MEDIUM,
    ),
    Stake(
        "Marketing",
        "Plans, writes and sends",
        "Briefs that say for whom and until when.\nAnswers from sales on what became of the leads.",
        "No campaign starts on a guess.",
        influence=Level.MEDIUM,
        interest=Level.HIGH,
        reports_to="Management",
    ),
    Stake(
        "Sales",
        "Receives the leads",
        "Leads that answer the phone, sorted by region, while they are still warm.",
        "120 qualified leads a month; no lead waits longer than two working days.",
        unspoken="To hear of a campaign before the customers do.",
        influence=Level.HIGH,
        interest=Level.HIGH,
        reports_to="Management",
    ),
    Stake(
        "E-mail team",
        "Writes and sends",
        "Fewer last-minute mails, and lists that hold only people who asked for them.",
        "Every campaign planned two weeks ahead; unsubscribes below 0.3 %.",
        influence=Level.LOW,
        interest=Level.HIGH,
        reports_to="Marketing",
    ),
    Stake(
        "Partners",
        "Bring guests to webinars",
        "Dates and topics early enough to invite their own customers.",
        "Topics fixed six weeks before each webinar.",
        influence=Level.LOW,
        interest=Level.MEDIUM,
    ),
)


def open_demo(*, password: str) -> Workspace:
    """Make the demo if it is not there, then bring its numbers up to yesterday.

    The team opened its workspace when its data begin: two years before the demo is opened.
    """
    at = now()
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if workspace is None:
        with transaction.atomic():
            began = at - demo_data.HISTORY
            workspace = _open(password, began)
            demo_metrics.define(workspace, demo_people(workspace), at=began)
    fill(workspace, at=at)
    demo_watch.look_after(workspace, demo_people(workspace), at=at)
    _plan(workspace, at=at)
    roll_up()
    review_goals(at=at)
    return workspace


@transaction.atomic
def _plan(workspace: Workspace, *, at: datetime) -> None:
    """Goals and boards, where a first start was cut short before them."""
    people = demo_people(workspace)
    if not Goal.objects.filter(workspace=workspace).exists():
        script = Script()
        demo_goals.set_goals(script, workspace, people, at=at)
        demo_reviews.look_after_goals(script, workspace, people, at=at)
        demo_goals.review_often(script, workspace, at=at)
        demo_post.settle(script, workspace, people, at=at)
        demo_work.open_boards(script, workspace, people, at=at)
        demo_cycles.run_cycles(script, workspace, people, at=at)
        demo_repeat.let_boards_work(script, workspace, people, at=at)
        demo_faces.look_on(script, workspace, people, at=at)
        demo_talk.talk(script, workspace, people, at=at)
        demo_templates.keep_templates(script, workspace, people, at=at)
        demo_strategy.write_strategy(script, workspace, people, at=at)
        demo_sla.agree(script, workspace, people, at=at)
        demo_intake.ask(script, workspace, people, at=at)
        demo_pulse.ask_each_month(script, workspace, people, at=at)
        demo_rounds.hold(script, workspace, people, at)
        script.play()
        score_forecasts(at=at)
        _read_old_news(workspace, at=at)


def _read_old_news(workspace: Workspace, *, at: datetime) -> None:
    """Everybody has read what they were told more than two days ago."""
    old = Notification.objects.filter(workspace=workspace, at__lt=at - timedelta(days=2))
    for told in old.order_by("pk"):
        read_notification(told, at=at)


def demo_people(workspace: Workspace) -> dict[str, Membership]:
    """The team by the local part of the address: owner, manager, editor, viewer, mika, tess."""
    members = workspace.memberships.select_related("user", "workspace")
    return {member.user.email.partition("@")[0]: member for member in members}


def _open(password: str, at: datetime) -> Workspace:
    """The workspace, its people and those whom the plan serves."""
    people = [(word, name, role, password) for word, name, role in SIGN_INS]
    people += [(word, name, Role.EDITOR, None) for word, name in COLLEAGUES]
    users = {
        word: find_or_make_user(f"{word}@demo.example", password=secret, name=name)
        for word, name, _role, secret in people
    }
    workspace = open_workspace(
        slug=SLUG, name="Northwind demo", timezone=ZONE, owner=users["owner"], at=at
    )
    for word, _name, role, _secret in people[1:]:
        add_member(workspace, users[word], role, by=None, at=at)
    team = demo_people(workspace)
    for word, above in {"manager": "owner", "editor": "manager", "mika": "manager"}.items():
        Membership.objects.filter(pk=team[word].pk).update(reports_to=team[above])
    known: dict[str, Stakeholder] = {}
    for stake in STAKEHOLDERS:
        fields = {**asdict(stake), "reports_to": known.get(stake.reports_to)}
        known[stake.name] = add_stakeholder(workspace, fields, by=team["manager"], at=at)
    return workspace


def fill(workspace: Workspace, *, at: datetime) -> int:
    """Record every value up to yesterday that is not there yet; return how many were sent.

    The tools told them as they went: month by month, and of late week by week, each on the morning
    after. One corrected a week of its cost since.
    """
    opened = workspace.day_of(workspace.opened_at) + demo_data.HISTORY
    yesterday = workspace.day_of(at) - timedelta(days=1)
    metrics = {m.key: m for m in Metric.objects.filter(workspace=workspace)}
    by = demo_people(workspace)["manager"]
    known = latest_days(workspace, [m.pk for m in metrics.values()]).values()
    first = max(known) + timedelta(days=1) if known else opened - demo_data.HISTORY
    sent = 0
    while first <= yesterday:
        is_long_ago = (opened - first).days > 2 * BATCH_DAYS
        days = BATCH_DAYS if is_long_ago else demo_data.WEEK_DAYS
        last = min(yesterday, first + timedelta(days=days - 1))
        morning = datetime.combine(last + timedelta(days=1), EARLY, ZoneInfo(ZONE))
        told = demo_data.values(first, last, opened)
        values = [row for row in told if row[0].metric in metrics]  # an old demo has fewer
        for source, rows in groupby(sorted(values, key=_source), key=_source):
            readings = [_reading(metrics, stream, day, value) for stream, day, value in rows]
            learnt = min(at, morning)
            record_observations(workspace, source=source, readings=readings, by=by, at=learnt)
            sent += len(readings)
        first = last + timedelta(days=1)
    roll_up()
    return sent


def _source(row: tuple[demo_data.Stream, object, int]) -> str:
    """Which of the team's tools a value comes from."""
    return demo_metrics.SOURCES[row[0].metric]


def _reading(
    metrics: dict[str, Metric], stream: demo_data.Stream, day: object, value: int
) -> Reading:
    key = ":".join([stream.metric, *(v for _, v in stream.dims), str(day)])
    if stream.person:
        who = f"guest-{value}"
        return Reading(
            metrics[stream.metric].pk, day, 0, stream.dims, key=f"{key}:{value}", recipient=who
        )
    span = demo_data.WEEK_DAYS if stream.weekly else 1
    return Reading(metrics[stream.metric].pk, day, value, stream.dims, key=key, span=span)
