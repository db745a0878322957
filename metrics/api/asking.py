"""What the query string of a reading endpoint asks, or everything in it that makes no sense."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from metrics.queries.questions import MOST_WINDOW, PREVIOUS, YEAR, Question
from metrics.rules.days import read_day
from metrics.rules.dims import MOST_DIMS, plain_value
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Calendar, Grain, is_known_day
from workspaces.models import Workspace
from workspaces.rest import truth
from workspaces.rules.days import end_of_day
from workspaces.rules.errors import Invalid, Problem, at_field

MOST_FILTERS = 50
MOST_LINES = 1_000
CALENDARS = ("calendar", "fiscal")
FILTER = OpenApiParameter(
    "where",
    str,
    many=True,
    description="DIM:VALUE keeps these only, DIM: those without a value. Values of one dimension "
    "are alternatives, several dimensions must all fit.",
)
DAYS = [
    OpenApiParameter(
        "from", date, description="First day, local to the workspace. Default: first with data."
    ),
    OpenApiParameter("to", date, description="Last day, included. Default: the last with data."),
]
PARAMETERS = [
    OpenApiParameter("grain", str, enum=[grain.value for grain in Grain], default="month"),
    *DAYS,
    OpenApiParameter("by", str, many=True, description="Split by this dimension; repeatable."),
    FILTER,
    OpenApiParameter(
        "calendar",
        str,
        enum=list(CALENDARS),
        description="fiscal: quarters and years of the workspace's fiscal year.",
    ),
    OpenApiParameter(
        "compare",
        str,
        enum=[PREVIOUS, YEAR],
        description="Adds `before` to each line: as many periods right before, or of last year.",
    ),
    OpenApiParameter(
        "top", int, description="Keep that many lines, the largest; the rest becomes one line."
    ),
    OpenApiParameter("cumulative", bool, description="Each period with all before it."),
    OpenApiParameter("window", int, description="Each period with that many less one before it."),
    OpenApiParameter("version", int, description="By this version of the definition."),
    OpenApiParameter(
        "known_at",
        datetime,
        description="What was known at this instant (with an offset), or at the end of this day.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """What the query string asks for."""

    grain: Grain
    first: date | None
    last: date | None
    by: tuple[str, ...]
    where: tuple[tuple[str, str | None], ...]


def asked_of(query: QueryDict) -> Asked:
    """Grain, range, lines and filters, or every parameter that cannot be understood."""
    problems = [
        at_field(name, "repeated", _("Give this once."))
        for name in ("grain", "from", "to")
        if len(query.getlist(name)) > 1
    ]
    grain = query.get("grain", Grain.MONTH.value)
    if grain not in set(Grain):
        words = ", ".join(Grain)
        problems.append(at_field("grain", "invalid_choice", _("Choose one of: %s.") % words))
    first, last = _day(query, "from", problems), _day(query, "to", problems)
    if first and last and first > last:
        problems.append(at_field("from", "backwards", _("“from” lies after “to”.")))
    by = tuple(dict.fromkeys(query.getlist("by")))
    where = tuple(_filter(text, problems) for text in query.getlist("where"))
    if len(by) > MOST_DIMS or len(where) > MOST_FILTERS:
        problems.append(at_field("by", "too_many", _("That are too many dimensions.")))
    if problems:
        raise Invalid(problems)
    return Asked(Grain(grain), first, last, by, where)


def question_of(query: QueryDict, workspace: Workspace) -> Question:
    """The whole question, or every parameter that cannot be understood."""
    asked = asked_of(query)
    problems: list[Problem] = []
    compare = _choice(query, "compare", (PREVIOUS, YEAR), problems)
    fiscal = _choice(query, "calendar", CALENDARS, problems) == "fiscal"
    window = _whole(query, "window", MOST_WINDOW, problems)
    running = truth("cumulative", query.get("cumulative", "false"))
    if running and window:
        message = _("Ask for cumulative values or for a moving window, not for both.")
        problems.append(at_field("window", "not_both", message))
    found = Question(
        asked.grain, asked.first, asked.last, asked.by, asked.where,
        calendar=calendar_of(workspace, fiscal=fiscal), compare=compare, running=running,
        top=_whole(query, "top", MOST_LINES, problems), window=window or 1,
        version=_whole(query, "version", 10**9, problems),
        known_at=instant_of(query, "known_at", workspace, problems),
    )  # fmt: skip
    if problems:
        raise Invalid(problems)
    return found if found.by else replace(found, top=None)


def calendar_of(workspace: Workspace, *, fiscal: bool) -> Calendar:
    """Where the workspace's weeks and years begin."""
    month = workspace.fiscal_year_starts_in if fiscal else 1
    return Calendar(workspace.week_starts_on, month)


def _day(query: QueryDict, name: str, problems: list[Problem]) -> date | None:
    text = query.get(name)
    if text is None:
        return None
    day = read_day(text)
    if day is None:
        problems.append(at_field(name, "not_a_day", _("Write a day as 2026-01-31.")))
    elif not is_known_day(day):
        limits = {"first": FIRST_DAY, "last": LAST_DAY}
        message = _("Days lie between %(first)s and %(last)s.") % limits
        problems.append(at_field(name, "out_of_range", message))
    return day


def _filter(text: str, problems: list[Problem]) -> tuple[str, str | None]:
    name, colon, value = text.partition(":")
    if not colon or not name:
        message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
        problems.append(at_field("where", "not_a_filter", message))
    return name, plain_value(value)


def instant_of(
    query: QueryDict, name: str, workspace: Workspace, problems: list[Problem]
) -> datetime | None:
    """An instant with its offset, or the end of a day of the workspace."""
    text = query.get(name)
    if text is None:
        return None
    day = read_day(text)
    if day is not None and is_known_day(day):
        return end_of_day(day, workspace.timezone)
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = _("Write a day as 2026-01-31, or an instant as 2026-01-31T12:00:00+01:00.")
        problems.append(at_field(name, "not_an_instant", message))
        return None
    return found


def _choice(query: QueryDict, name: str, choices: tuple[str, ...], problems: list[Problem]) -> str:
    word = query.get(name, "")
    if word and word not in choices:
        message = _("Choose one of: %s.") % ", ".join(choices)
        problems.append(at_field(name, "invalid_choice", message))
    return word


def _whole(query: QueryDict, name: str, most: int, problems: list[Problem]) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else 0
    if not 1 <= number <= most:
        message = _("Give a whole number from 1 to %(most)s.") % {"most": f"{most:,}"}
        problems.append(at_field(name, "out_of_range", message))
    return number
