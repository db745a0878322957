"""Strategies, their six steps and their versions."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.strategy_shapes import (
    GoalsIn,
    MetricsIn,
    OutcomesIn,
    ParticipationIn,
    PeriodIn,
    PeriodPatch,
    PublishIn,
    SeenVersionIn,
    StrategyChangeOut,
    StrategyOut,
    StrategyPublished,
    StrategyVersionOut,
    StrategyVersionWhole,
    StrategyWhole,
    ToldChangeOut,
    WordsIn,
    change_out,
    document_out,
    missing_out,
    signature_out,
    strategy_out,
    taking_out,
    told_change_out,
    version_out,
)
from goals.models import Goal, Strategy, StrategyVersion
from goals.operations.strategy import (
    Participation,
    Period,
    StepDraft,
    begin_strategy,
    change_period,
    close_strategy,
    reopen_strategy,
    save_step,
)
from goals.operations.strategy_versions import publish_strategy, start_strategy
from goals.queries.feedback import has_answered
from goals.queries.strategy import strategies_of
from goals.queries.strategy_documents import document_of, signers_of
from goals.queries.strategy_goals import told_changes
from goals.queries.strategy_versions import (
    changes_between,
    latest_version,
    signatures_on,
    version_numbered,
    versions_of,
)
from goals.rules.strategy import Step
from workspaces.rest import Pages, WorkspaceView, find_or_404, truth
from workspaces.rules.errors import Invalid, at_field

LARGEST_NUMBER = 2**31 - 1


class StrategyView(WorkspaceView):
    """What the endpoints of strategies share: how one is found and told."""

    def found(self, pk: str) -> Strategy:
        return find_or_404(Strategy, pk, self)

    def render_current(self, strategy: Strategy) -> dict[str, Any]:
        """The strategy as it stands, for a 409."""
        return self.tell(strategy)

    def tell(self, strategy: Strategy) -> dict[str, Any]:
        row = strategies_of(self.workspace).get(pk=strategy.pk)
        document, newest = document_of(row), latest_version(row)
        signed = signatures_on(row, newest) if newest else []
        return {
            **strategy_out(row),
            "filled": document.filled,
            "missing": missing_out(document),
            "signatures": [signature_out(one) for one in signed],
            "participation": taking_out(newest) if newest else None,
            "answered": has_answered(newest, self.member) if newest else False,
            "document": document_out(document),
        }

    def version_of(self, strategy: Strategy, number: str) -> StrategyVersion:
        """The version of that number, or 404."""
        known = number.isascii() and number.isdigit() and int(number[:11]) <= LARGEST_NUMBER
        version = version_numbered(strategy, int(number)) if known else None
        if version is None:
            raise Http404
        return version


class ChangesOfGoal(WorkspaceView):
    @extend_schema(responses=ToldChangeOut(many=True), operation_id="goal_changes")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        found = told_changes(find_or_404(Goal, pk, self), self.member)
        return Response([told_change_out(one) for one in found])


class Strategies(StrategyView):
    can = {"GET": "workspace.view", "POST": "strategy.edit"}
    asks = [OpenApiParameter("open", bool, description="true: only those that are not put away.")]
    pagination_class = Pages

    @extend_schema(responses=StrategyOut(many=True), operation_id="strategies")
    def get(self, request: Request, slug: str) -> Response:
        pages, rows = Pages(), strategies_of(self.workspace)
        if "open" in request.query_params:
            is_open = truth("open", request.query_params["open"])
            rows = rows.filter(closed_at__isnull=is_open)
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([strategy_out(row) for row in found])

    @extend_schema(request=PeriodIn, responses={201: StrategyWhole}, operation_id="begin_strategy")
    def post(self, request: Request, slug: str) -> Response:
        period = Period(**self.shape(PeriodIn, request.data))
        made = begin_strategy(self.workspace, period=period, by=self.member, at=now())
        return Response(self.tell(made), status=201)


class StrategyDetail(StrategyView):
    can = {"GET": "workspace.view", "PATCH": "strategy.edit"}

    @extend_schema(responses=StrategyWhole, operation_id="strategy")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(self.found(pk)))

    @extend_schema(request=PeriodPatch, responses=StrategyWhole, operation_id="change_strategy")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(PeriodPatch, request.data)
        version = fields.pop("version")
        period = Period(**{"title": row.title, "start": row.start, "end": row.end, **fields})
        changed = change_period(row, period=period, version=version, by=self.member, at=now())
        return Response(self.tell(changed))


class SaveStep(StrategyView):
    """One step; what is left out stays as it is, `lines` replace the rows."""

    can = {"PATCH": "strategy.edit"}
    step: ClassVar[Step]
    takes: ClassVar[type[WordsIn]] = WordsIn
    link: ClassVar[tuple[str, str]] = ("", "")  # what a line links, and its words

    def patch(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(self.takes, request.data)
        version = fields.pop("version")
        draft = self.draft(row, fields)
        saved = save_step(
            row, step=self.step, draft=draft, version=version, by=self.member, at=now()
        )
        return Response(self.tell(saved))

    def draft(self, row: Strategy, fields: dict[str, Any]) -> StepDraft:
        thing, words = self.link
        lines = fields.get("lines")
        told = None if lines is None else [(one[thing], one.get(words)) for one in lines]
        return StepDraft(words=fields.get("words"), lines=told)


@extend_schema_view(
    patch=extend_schema(
        request=OutcomesIn, responses=StrategyWhole, operation_id="save_strategy_outcomes"
    )
)
class SaveOutcomes(SaveStep):
    step, takes, link = Step.OUTCOMES, OutcomesIn, ("stakeholder", "outcome")


@extend_schema_view(
    patch=extend_schema(
        request=MetricsIn, responses=StrategyWhole, operation_id="save_strategy_metrics"
    )
)
class SaveMetrics(SaveStep):
    step, takes, link = Step.METRICS, MetricsIn, ("metric", "why")


@extend_schema_view(
    patch=extend_schema(
        request=GoalsIn, responses=StrategyWhole, operation_id="save_strategy_goals"
    )
)
class SaveGoals(SaveStep):
    step, takes, link = Step.GOALS, GoalsIn, ("goal", "change")


@extend_schema_view(
    patch=extend_schema(
        request=ParticipationIn,
        responses=StrategyWhole,
        operation_id="save_strategy_participation",
    )
)
class SaveParticipation(SaveStep):
    step, takes = Step.PARTICIPATION, ParticipationIn

    def draft(self, row: Strategy, fields: dict[str, Any]) -> StepDraft:
        signers = list(signers_of(row))
        stand = {
            "questions": row.questions,
            "feedback_until": row.feedback_until,
            "anonymous": row.anonymous,
            "members": [one.member for one in signers if one.member],
            "stakeholders": [one.stakeholder for one in signers if one.stakeholder],
        }
        wanted = {name: fields.get(name, value) for name, value in stand.items()}
        until = wanted.pop("feedback_until")
        return StepDraft(
            words=fields.get("words"), participation=Participation(until=until, **wanted)
        )


@extend_schema_view(
    patch=extend_schema(
        request=WordsIn, responses=StrategyWhole, operation_id="save_strategy_steps"
    )
)
class SaveSteps(SaveStep):
    step = Step.STEPS


@extend_schema_view(
    patch=extend_schema(
        request=WordsIn, responses=StrategyWhole, operation_id="save_strategy_assignments"
    )
)
class SaveAssignments(SaveStep):
    step = Step.ASSIGNMENTS


class StartStrategy(StrategyView):
    can = {"POST": "strategy.publish"}

    @extend_schema(request=SeenVersionIn, responses=StrategyWhole, operation_id="start_strategy")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(SeenVersionIn, request.data)
        return Response(self.tell(start_strategy(row, **fields, by=self.member, at=now())))


class CloseStrategy(StrategyView):
    can = {"POST": "strategy.publish"}

    @extend_schema(request=SeenVersionIn, responses=StrategyWhole, operation_id="close_strategy")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(SeenVersionIn, request.data)
        return Response(self.tell(close_strategy(row, **fields, by=self.member, at=now())))


class ReopenStrategy(StrategyView):
    can = {"POST": "strategy.publish"}

    @extend_schema(request=SeenVersionIn, responses=StrategyWhole, operation_id="reopen_strategy")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(SeenVersionIn, request.data)
        return Response(self.tell(reopen_strategy(row, **fields, by=self.member, at=now())))


class StrategyVersions(StrategyView):
    can = {"GET": "workspace.view", "POST": "strategy.publish"}
    pagination_class = Pages

    @extend_schema(responses=StrategyVersionOut(many=True), operation_id="strategy_versions")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(versions_of(self.found(pk)), request, view=self)
        return pages.get_paginated_response([version_out(row) for row in rows])

    @extend_schema(
        request=PublishIn, responses={201: StrategyPublished}, operation_id="publish_strategy"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        row, fields = self.found(pk), self.shape(PublishIn, request.data)
        made = publish_strategy(row, **fields, by=self.member, at=now())
        told = {**version_out(made), "document": made.document, "missing": missing_out(made.read)}
        return Response(told, status=201)


class StrategyVersionDetail(StrategyView):
    @extend_schema(responses=StrategyVersionWhole, operation_id="strategy_version")
    def get(self, request: Request, slug: str, pk: str, number: str) -> Response:
        version = self.version_of(self.found(pk), number)
        return Response({**version_out(version), "document": version.document})


class StrategyVersionChanges(StrategyView):
    asks = [
        OpenApiParameter(
            "to", int, description="The number of the later version; left out: the draft."
        )
    ]

    @extend_schema(responses=StrategyChangeOut(many=True), operation_id="strategy_changes")
    def get(self, request: Request, slug: str, pk: str, number: str) -> Response:
        row = self.found(pk)
        before, later = self.version_of(row, number), request.query_params.get("to")
        try:
            after = None if later is None else self.version_of(row, later)
        except Http404 as error:
            message = _("There is no such version.")
            raise Invalid([at_field("to", "not_found", message)]) from error
        return Response([change_out(one) for one in changes_between(row, before, after)])
