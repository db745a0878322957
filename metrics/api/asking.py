"""What the query string of a series asks, and the parameters that say so."""

from datetime import date, datetime

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from metrics.forms.asking import GRAINS, Asking
from metrics.forms.reading import reading_of
from metrics.queries.questions import SeriesQuestion, day_of_view
from metrics.rules.questions import CALENDARS, COMPARED
from workspaces.models import Workspace

FILTER = OpenApiParameter(
    "where",
    str,
    many=True,
    description="DIM:VALUE keeps these only, DIM: those without a value. Values of one dimension "
    "are alternatives, several dimensions must all fit.",
)
KNOWN_AT = OpenApiParameter(
    "known_at",
    datetime,
    description="What was known at this instant (with an offset), or at the end of this day.",
)
DAYS = [
    OpenApiParameter(
        "from", date, description="First day, local to the workspace. Default: first with data."
    ),
    OpenApiParameter("to", date, description="Last day, included. Default: the last with data."),
]
PARAMETERS = [
    OpenApiParameter("grain", str, enum=GRAINS, default="month"),
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
        enum=list(COMPARED),
        description="Adds `before` to each line: as many periods right before, or of last year.",
    ),
    OpenApiParameter(
        "top", int, description="Keep that many lines, the largest; the rest becomes one line."
    ),
    OpenApiParameter("cumulative", bool, description="Each period with all before it."),
    OpenApiParameter("window", int, description="Each period with that many less one before it."),
    OpenApiParameter("version", int, description="By this version of the definition."),
    KNOWN_AT,
]


def question_of(query: QueryDict, workspace: Workspace, *, today: date) -> SeriesQuestion:
    """The whole question, or every parameter that cannot be understood."""
    asking = Asking(query)
    reading = reading_of(asking)
    asking.done()
    question = reading.question(workspace)
    if question.known_at is not None:
        day_of_view(workspace, question.known_at, today)
    return question
