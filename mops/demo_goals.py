"""The demo team's goals: one in every status, their windows counted from the opening day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from goals.models import Goal
from goals.operations.goals import Draft, Smart, set_goal
from goals.operations.reviews import review_workspace
from goals.rules.checkins import Cadence
from goals.rules.progress import Basis
from goals.rules.targets import Target
from goals.rules.terms import Terms
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from mops.demo_script import Script
from workspaces.models import Membership, Stakeholder, Workspace

MORNING = time(8, 30)


@dataclass(frozen=True)
class Plan:
    """A goal as days before and after the opening day."""

    key: str
    title: str
    metric: str
    basis: Basis
    begins: int  # days before the opening day
    ends: int  # days after it
    target: Target
    owner: str
    stakeholder: str
    smart: Smart
    baseline: tuple[int, int] | None = None  # days before the opening day: from, to
    whole_year: bool = False  # from the first of a month, against the year before
    cadence: Cadence = Cadence.NEVER


def percent(number: str) -> Target:
    """So many percent more (or less) than the baseline."""
    return Target(percent=Decimal(number))


def value(number: str) -> Target:
    """The value itself."""
    return Target(value=Decimal(number))


PLANS = (
    Plan(
        "cpl", "Cost per lead at most 32 EUR", "cost_per_lead", Basis.AVERAGE, 58, 42,
        value("32"), "mika", "Management",
        Smart(
            specific="Less ad cost for each lead from paid search, all campaigns together.",
            measurable="Ad cost over ad leads, as the platform and the CRM report them.",
            achievable="Brand and competitor terms are below 30 EUR already.",
            realistic="Mika has the accounts and half a day a week for them.",
            time_bound="Until the budget talk; looked at every Monday.",
        ),
        baseline=(150, 76), cadence=Cadence.WEEKLY,
    ),
    Plan(
        "leads", "E-mail leads +30 % in one year", "email_leads", Basis.CUMULATIVE, 233, 131,
        percent("30"), "manager", "Sales",
        Smart(
            specific="More leads from e-mail, counted by the CRM, all mail types.",
            measurable="Forms sent after a click in an e-mail.",
            achievable="Cleaner lists and a shorter form brought 15 % last year.",
            realistic="Three people, 14 hours a week together.",
            time_bound="One year, with a step for each quarter.",
        ),
        whole_year=True, cadence=Cadence.FORTNIGHTLY,
    ),
    Plan(
        "ctr", "E-mail CTR at least 3.05 %", "email_ctr", Basis.LEVEL, 260, 100,
        value("3.05"), "editor", "E-mail team",
        Smart(
            specific="A higher share of clicks in all e-mails, newsletter first.",
            measurable="Clicks over e-mails delivered, the last whole month.",
            achievable="Nurture mails are well above it.",
            realistic="One test a week fits beside the daily work.",
            time_bound="Before the spring campaign.",
        ),
        cadence=Cadence.WEEKLY,
    ),
    Plan(
        "clicks", "Total e-mail clicks +25 % in one year", "email_clicks", Basis.CUMULATIVE, 233,
        131, percent("25"), "manager", "Management",
        Smart(
            specific="More clicks from e-mail, all mail types together.",
            measurable="Total clicks, as the mail tool counts them.",
            achievable="The year before brought 25 % with fewer mail types.",
            realistic="Needs no new tool and no new person.",
            time_bound="One year.",
        ),
        whole_year=True,
    ),
    Plan(
        "webinars", "1,300 webinar sign-ups in a quarter", "webinar_signups", Basis.CUMULATIVE,
        50, 41, value("1300"), "tess", "Partners",
        Smart(
            specific="People who sign up for a webinar, both topics.",
            measurable="Sign-ups in the CRM.",
            achievable="The quarter before brought about 1,200.",
            realistic="Six webinars are planned, the speakers are fixed.",
            time_bound="Until the end of the quarter.",
        ),
    ),
    Plan(
        "sales", "130 qualified leads a month for sales", "qualified_leads", Basis.LEVEL, 200, 120,
        value("130"), "owner", "Sales",
        Smart(
            specific="Leads that sales accepts, all regions.",
            measurable="Accepted leads in the last whole month.",
            achievable="The last quarter was above 120 twice.",
            realistic="The hand-over is agreed with sales.",
            time_bound="For good by spring; promised for each month.",
        ),
    ),
    Plan(
        "social", "Social visits +15 % in half a year", "social_visits", Basis.CUMULATIVE, 140, 42,
        percent("15"), "tess", "Management",
        Smart(
            specific="Visits that come from networks.",
            measurable="Web analytics, by network.",
            achievable="Video brought 30 % more within a year.",
            realistic="Two posts a week.",
            time_bound="Half a year.",
        ),
    ),
    Plan(
        "nurture", "Nurture reply rate at least 4.5 %", "nurture_reply_rate", Basis.AVERAGE, 5, 84,
        value("4.5"), "editor", "E-mail team",
        Smart(
            specific="More people who answer a nurture mail.",
            measurable="Replies over nurture mails.",
            achievable="A personal sender doubled it in a test.",
            realistic="The texts are written.",
            time_bound="One quarter.",
        ),
        baseline=(95, 6),
    ),
    Plan(
        "guests", "1,000 webinar attendees in 200 days", "webinar_attendees", Basis.CUMULATIVE,
        190, 30, value("1000"), "tess", "Partners",
        Smart(specific="People who come to a webinar.", measurable="Attendees in the CRM."),
    ),
    Plan(
        "unsub", "Unsubscribe rate below 0.15 %", "unsubscribe_rate", Basis.AVERAGE, 170, -60,
        value("0.15"), "editor", "E-mail team",
        Smart(specific="Fewer people who leave.", measurable="Unsubscribes over delivered."),
        baseline=(260, 171),
    ),
)  # fmt: skip


def set_goals(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """Each goal is set on the first day of its window and measures its own baseline."""
    today = workspace.day_of(at)
    metrics = {m.key: m for m in Metric.objects.filter(workspace=workspace)}
    serves = {s.name: s for s in Stakeholder.objects.filter(workspace=workspace)}

    def set_one(plan: Plan, window: Span, baseline: Span | None, when: datetime) -> None:
        draft = Draft(
            title=plan.title,
            metric=metrics[plan.metric],
            terms=Terms(plan.basis, Grain.MONTH, window, plan.target, baseline),
            owner=people[plan.owner],
            stakeholder=serves[plan.stakeholder],
            cadence=plan.cadence,
            smart=plan.smart,
        )
        set_goal(workspace, draft=draft, by=people["manager"], at=when)

    for plan in PLANS:
        window, baseline = _days(plan, today)
        when = min(at, datetime.combine(window.first, MORNING, ZoneInfo(workspace.timezone)))
        script.at(when, partial(set_one, plan, window, baseline))


def review_often(script: Script, workspace: Workspace, *, at: datetime) -> None:
    """The goals are reviewed through the last weeks, so that their statuses have a past."""
    for days in (*range(84, 7, -7), *range(6, 0, -1)):
        script.at(at - timedelta(days=days), lambda when: review_workspace(workspace, at=when))


def window_of(key: str, today: date) -> Span:
    """The days of one of the goals, on the calendar of the opening day."""
    return next(_days(plan, today)[0] for plan in PLANS if plan.key == key)


def _days(plan: Plan, today: date) -> tuple[Span, Span | None]:
    """The window and the baseline of a plan on the calendar of that day."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    if plan.whole_year:
        first = ago(plan.begins).replace(day=1)
        after = first.replace(year=first.year + 1)
        before = first.replace(year=first.year - 1)
        day = timedelta(days=1)
        return Span(first, after - day), Span(before, first - day)
    baseline = Span(ago(plan.baseline[0]), ago(plan.baseline[1])) if plan.baseline else None
    return Span(ago(plan.begins), ago(-plan.ends)), baseline


def goals_by_key(workspace: Workspace) -> dict[str, Goal]:
    """The demo's goals, found by their titles."""
    found = {goal.title: goal for goal in Goal.objects.filter(workspace=workspace)}
    return {plan.key: found[plan.title] for plan in PLANS if plan.title in found}
