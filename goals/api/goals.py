from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import GoalOut, goal_out
from goals.api.fields import OwnerField, metric_at
from goals.api.shapes import CloseIn, GoalIn, GoalPatch, ReopenIn
from goals.models import Goal
from goals.operations.goals import (
    Draft,
    Smart,
    close_goal,
    draft_of,
    reopen_goal,
    revise_goal,
    set_goal,
)
from goals.queries import standings
from goals.queries.catalogue import goals_of
from goals.queries.steps import steps_together
from goals.rules.aims import Aim
from goals.rules.checkins import Cadence
from goals.rules.courses import Course
from goals.rules.progress import Basis
from goals.rules.status import Status
from goals.rules.terms import Terms, numberless
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from workspaces.models import Membership
from workspaces.queries.people import member_at, members_of
from workspaces.rest import Pages, WorkspaceView, find_or_404, truth
from workspaces.rules.errors import Invalid, at_field

FILTERS = [
    OpenApiParameter("status", str, enum=[status.value for status in Status], many=True),
    OpenApiParameter("owner", str, description="A member's e-mail address or id."),
    OpenApiParameter("metric", str, description="A metric's key."),
    OpenApiParameter("open", bool, description="true: only open goals; false: only closed ones."),
]


OF_A_METRIC = ("aim", "basis", "grain", "target", "baseline", "course", "checkpoints")


class GoalView(WorkspaceView):
    """What the endpoints of goals share: how one is told."""

    def render_current(self, goal: Goal) -> dict[str, Any]:
        """The goal as it stands, for a 409."""
        return self.tell(goal, now())

    def tell(self, goal: Goal, at: datetime, *, fresh: bool = False) -> dict[str, Any]:
        row = goals_of(self.workspace).get(pk=goal.pk)
        found = standings(self.workspace, [row], at, fresh=fresh, curves=False, paths=True)
        return goal_out(row, found[row.pk], steps_together(self.workspace, [row], at).get(row.pk))


class Goals(GoalView):
    can = {"GET": "workspace.view", "POST": "goals.edit"}
    asks = FILTERS
    pagination_class = Pages  # the schema tells the envelope by it

    @extend_schema(responses=GoalOut(many=True), operation_id="goals")
    def get(self, request: Request, slug: str) -> Response:
        pages = self.pagination_class()
        rows = pages.paginate_queryset(self.filtered(request), request, view=self)
        at = now()
        found = standings(self.workspace, rows, at, curves=False, paths=True)
        joined = steps_together(self.workspace, rows, at)
        told = [goal_out(row, found[row.pk], joined.get(row.pk)) for row in rows]
        return pages.get_paginated_response(told)

    @extend_schema(request=GoalIn, responses={201: GoalOut}, operation_id="set_goal")
    def post(self, request: Request, slug: str) -> Response:
        at = now()
        draft = drafted(self.shape(GoalIn, request.data), self.member)
        goal = set_goal(self.workspace, draft=draft, by=self.member, at=at)
        return Response(self.tell(goal, at, fresh=True), status=201)

    def filtered(self, request: Request) -> Any:
        """The goals that the query parameters ask for; a word that names nothing is a 400."""
        rows = goals_of(self.workspace)
        asked = request.query_params
        if statuses := asked.getlist("status"):
            rows = rows.filter(status__in=[self.status(word) for word in statuses])
        if "owner" in asked:
            rows = rows.filter(owner=self.owner(asked["owner"]))
        if "metric" in asked:
            rows = rows.filter(metric=self.metric(asked["metric"]))
        if "open" in asked:
            rows = rows.filter(closed_at__isnull=truth("open", asked["open"]))
        return rows

    def status(self, word: str) -> str:
        if word not in set(Status):
            raise unknown("status", _("There is no such status."))
        return word

    def metric(self, key: str) -> Metric:
        found = metric_at(self.workspace, key)
        if found is None:
            raise unknown("metric", _("There is no metric with this key."))
        return found

    def owner(self, word: str) -> Membership:
        members = members_of(self.workspace)
        by_id = (
            members.filter(pk=int(word)) if word.isascii() and word.isdigit() else members.none()
        )
        found = member_at(self.workspace, word) or by_id.first()
        if found is None:
            raise unknown("owner", str(OwnerField.default_error_messages["not_found"]))
        return found


class GoalDetail(GoalView):
    can = {"GET": "workspace.view", "PATCH": "goals.edit"}

    @extend_schema(responses=GoalOut, operation_id="goal")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Goal, pk, self), now()))

    @extend_schema(request=GoalPatch, responses=GoalOut, operation_id="revise_goal")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        goal, at = find_or_404(Goal, pk, self), now()
        fields = self.shape(GoalPatch, request.data)
        version = fields.pop("version")
        draft = patched(draft_of(goal), fields)
        revised = revise_goal(goal, draft=draft, version=version, by=self.member, at=at)
        return Response(self.tell(revised, at, fresh=True))


class CloseGoal(GoalView):
    can = {"POST": "goals.edit"}

    @extend_schema(request=CloseIn, responses=GoalOut, operation_id="close_goal")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        goal, at = find_or_404(Goal, pk, self), now()
        closed = close_goal(goal, **self.shape(CloseIn, request.data), by=self.member, at=at)
        return Response(self.tell(closed, at))


class ReopenGoal(GoalView):
    can = {"POST": "goals.edit"}

    @extend_schema(request=ReopenIn, responses=GoalOut, operation_id="reopen_goal")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        goal, at = find_or_404(Goal, pk, self), now()
        opened = reopen_goal(goal, **self.shape(ReopenIn, request.data), by=self.member, at=at)
        return Response(self.tell(opened, at))


def unknown(name: str, message: str) -> Invalid:
    """A query parameter that names nothing."""
    return Invalid([at_field(name, "not_found", message)])


def drafted(fields: dict[str, Any], member: Membership) -> Draft:
    """A whole body as a draft."""
    metric = fields.get("metric")
    refuse_half(metric, None, fields)
    return Draft(
        title=fields["title"],
        metric=metric,
        terms=terms_in(fields) if metric else numberless(Span(fields["start"], fields["end"])),
        owner=fields.get("owner", member),
        stakeholder=fields.get("stakeholder"),
        parent=fields.get("parent"),
        weight=fields.get("weight", Decimal(1)),
        cadence=Cadence(fields.get("cadence", Cadence.NEVER)),
        smart=Smart(**fields.get("smart", {})),
    )


def terms_in(fields: dict[str, Any]) -> Terms:
    """What a whole body promises of its metric."""
    return Terms(
        Basis(fields["basis"]),
        fields.get("grain", Grain.MONTH),
        Span(fields["start"], fields["end"]),
        fields["target"],
        fields.get("baseline"),
        Aim(fields.get("aim", Aim.REACH)),
        Course(fields.get("course", Course.LINEAR)),
        tuple(fields.get("checkpoints", ())),
    )


def refuse_half(metric: Metric | None, before: Metric | None, fields: dict[str, Any]) -> None:
    """A metric comes with basis and target, and without one there is nothing of the kind."""
    if metric is None:
        given = [name for name in OF_A_METRIC if name in fields]
        code, message = "no_metric", _("A goal without a metric has no number of its own.")
    else:
        given = [name for name in ("basis", "target") if before is None and name not in fields]
        code, message = "required", _("A goal with a metric needs this.")
    if given:
        raise Invalid([at_field(name, code, message) for name in given])


def patched(draft: Draft, fields: dict[str, Any]) -> Draft:
    """The goal's own draft with what the body changes."""
    terms, window = draft.terms, draft.terms.window
    refuse_half(fields.get("metric", draft.metric), draft.metric, fields)
    changes = {name: fields[name] for name in ("grain", "target", "baseline") if name in fields}
    if "basis" in fields:
        changes["basis"] = Basis(fields["basis"])
    if "aim" in fields:
        changes["aim"] = Aim(fields["aim"])
    if "course" in fields:
        changes["course"] = Course(fields["course"])
    if "checkpoints" in fields:
        changes["checkpoints"] = tuple(fields["checkpoints"])
    span = Span(fields.get("start", window.first), fields.get("end", window.last))
    if "cadence" in fields:
        fields["cadence"] = Cadence(fields["cadence"])
    names = ("title", "metric", "owner", "stakeholder", "parent", "weight", "cadence")
    return replace(
        draft,
        **{name: fields[name] for name in names if name in fields},
        terms=replace(terms, window=span, **changes),
        smart=Smart(**{**asdict(draft.smart), **fields.get("smart", {})}),
    )
