from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from goals.models import Goal
from metrics.models import Metric
from reports.api.review_shapes import (
    LearntIn,
    OptimisationFields,
    OptimisationOut,
    OptimisationPut,
    optimisation_out,
)
from reports.models import Optimisation
from reports.operations.optimisations import (
    Draft,
    begin_optimisation,
    change_optimisation,
    end_optimisation,
    remove_optimisation,
)
from reports.queries.optimisations import optimisations_of, tried
from tasks.models import Cycle
from workspaces.models import Workspace
from workspaces.rest import Pages, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field


def draft_of(workspace: Workspace, fields: dict[str, Any]) -> Draft:
    """The words of the body as rows; 400 names what does not exist here."""
    nothing = _("There is nothing of the kind here.")
    metric = Metric.objects.filter(workspace=workspace, key=fields["metric"]).first()
    goal_id = fields.get("goal")
    goal = Goal.objects.filter(workspace=workspace, pk=goal_id).first() if goal_id else None
    problems = [
        at_field(name, "not_found", nothing)
        for name, lacks in (("metric", metric is None), ("goal", bool(goal_id) and goal is None))
        if lacks
    ]
    if metric is None or problems:
        raise Invalid(problems)
    return Draft(**{**fields, "metric": metric, "goal": goal})


class OptimisationView(WorkspaceView):
    def told(self, row: Optimisation) -> dict[str, Any]:
        fresh = optimisations_of(self.workspace).get(pk=row.pk)
        return optimisation_out(tried(self.workspace, [fresh], now())[0])


class Optimisations(OptimisationView):
    """What was changed of things that run, the newest first, with what it brought."""

    can = {"GET": "workspace.view", "POST": "review.run"}
    asks = [OpenApiParameter("cycle", int)]
    pagination_class = Pages

    @extend_schema(responses=OptimisationOut(many=True), operation_id="optimisations")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        wanted = request.query_params.get("cycle")
        cycle = find_or_404(Cycle, wanted, self) if wanted is not None else None
        found = optimisations_of(self.workspace, cycle)
        rows = pages.paginate_queryset(found, request, view=self)
        told = tried(self.workspace, list(rows), now())
        return pages.get_paginated_response([optimisation_out(one) for one in told])

    @extend_schema(
        request=OptimisationFields,
        responses={201: OptimisationOut},
        operation_id="begin_optimisation",
    )
    def post(self, request: Request, slug: str) -> Response:
        draft = draft_of(self.workspace, self.shape(OptimisationFields, request.data))
        row = begin_optimisation(self.workspace, draft=draft, by=self.member, at=now())
        return Response(self.told(row), status=201)


class OptimisationDetail(OptimisationView):
    can = {"GET": "workspace.view", "PUT": "review.run", "DELETE": "review.run"}

    @extend_schema(responses=OptimisationOut, operation_id="optimisation")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.told(find_or_404(Optimisation, pk, self)))

    @extend_schema(
        request=OptimisationPut, responses=OptimisationOut, operation_id="change_optimisation"
    )
    def put(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Optimisation, pk, self)
        asked = self.shape(OptimisationPut, request.data)
        version = asked.pop("version")
        draft = draft_of(self.workspace, asked)
        changed = change_optimisation(row, draft=draft, version=version, by=self.member, at=now())
        return Response(self.told(changed))

    @extend_schema(responses={204: None}, operation_id="remove_optimisation")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_optimisation(find_or_404(Optimisation, pk, self), by=self.member, at=now())
        return Response(status=204)


class EndOptimisation(OptimisationView):
    can = {"POST": "review.run"}

    @extend_schema(request=LearntIn, responses=OptimisationOut, operation_id="end_optimisation")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row = find_or_404(Optimisation, pk, self)
        asked = self.shape(LearntIn, request.data)
        return Response(self.told(end_optimisation(row, **asked, by=self.member, at=now())))
