"""What strategies look like on the wire."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from goals.api.fields import metric_at
from goals.models import Goal, Strategy, StrategyVersion
from goals.models.strategy import (
    LINE_LENGTH,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    STEP_CHOICES,
    TITLE_LENGTH,
    WORDS_LENGTH,
)
from goals.queries.feedback import taking_part
from goals.queries.strategy_goals import ToldChange
from goals.queries.strategy_missing import sentence_of
from goals.queries.strategy_versions import Signature
from goals.rules.strategy import Document, as_data
from goals.rules.strategy_changes import Change
from workspaces.models import Membership, Stakeholder
from workspaces.queries.people import members_of
from workspaces.rest import StrictSerializer

LARGEST_ID = 2**63 - 1
MOST_LINES = 200


class RowField(serializers.IntegerField):
    """A row of the workspace by its id; another workspace's does not exist."""

    default_error_messages = {"not_found": _("There is nothing of the kind here.")}

    def __init__(self, model: type, **options: Any) -> None:
        """Keep the table."""
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)
        self.model = model

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The row itself, after the id was checked."""
        pk = super().run_validation(data)
        if pk is None:
            return None
        workspace = self.context["view"].workspace
        rows = members_of(workspace) if self.model is Membership else self.model.objects
        found = rows.filter(workspace=workspace, pk=pk).first()
        if found is None:
            self.fail("not_found")
        return found


class MetricField(serializers.CharField):
    """A metric of the workspace by its key."""

    default_error_messages = {"not_found": _("There is no metric with this key.")}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The metric itself."""
        key = super().run_validation(data)
        found = metric_at(self.context["view"].workspace, key)
        if found is None:
            self.fail("not_found")
        return found


class PeriodIn(StrictSerializer):
    title = serializers.CharField(max_length=TITLE_LENGTH)
    start = serializers.DateField()
    end = serializers.DateField()


class PeriodPatch(PeriodIn):
    version = serializers.IntegerField(min_value=1)
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)


class SeenVersionIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class PublishIn(SeenVersionIn):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class WordsIn(SeenVersionIn):
    words = serializers.CharField(max_length=WORDS_LENGTH, required=False, allow_blank=True)


def line(**options: Any) -> serializers.CharField:
    """The words of a row; left out they stay as they are."""
    return serializers.CharField(
        max_length=LINE_LENGTH, required=False, allow_blank=True, **options
    )


class OutcomeIn(StrictSerializer):
    stakeholder = RowField(Stakeholder)
    outcome = line()


class MetricLineIn(StrictSerializer):
    metric = MetricField(max_length=63)
    why = line()


class GoalLineIn(StrictSerializer):
    goal = RowField(Goal)
    change = line(help_text="What this changes for the people whom it touches.")


class OutcomesIn(WordsIn):
    lines = OutcomeIn(many=True, required=False, max_length=MOST_LINES)


class MetricsIn(WordsIn):
    lines = MetricLineIn(many=True, required=False, max_length=MOST_LINES)


class GoalsIn(WordsIn):
    lines = GoalLineIn(many=True, required=False, max_length=MOST_LINES)


class ParticipationIn(WordsIn):
    questions = serializers.ListField(
        child=serializers.CharField(max_length=QUESTION_LENGTH),
        max_length=MOST_QUESTIONS,
        required=False,
    )
    feedback_until = serializers.DateField(required=False, allow_null=True)
    anonymous = serializers.BooleanField(required=False)
    members = serializers.ListField(
        child=RowField(Membership), required=False, help_text="Who is asked to sign."
    )
    stakeholders = serializers.ListField(
        child=RowField(Stakeholder), required=False, help_text="Who is asked to sign."
    )


class MetricLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    currency = serializers.CharField()
    why = serializers.CharField()


class OutcomeOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    need = serializers.CharField()
    outcome = serializers.CharField()


class AgreementLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    parties = serializers.CharField()
    promises = serializers.CharField(help_text="One a line: who promises, and what.")


class GoalLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    metric = MetricLineOut()
    basis = serializers.CharField()
    percent = serializers.CharField()
    target = serializers.CharField(help_text="Empty for growth in percent: its amount moves.")
    baseline = serializers.CharField(help_text="Empty for growth.")
    start = serializers.CharField()
    end = serializers.CharField()
    owner = serializers.CharField()
    owner_id = serializers.IntegerField()
    reports_to = serializers.CharField()
    stakeholder = serializers.CharField()
    parent = serializers.IntegerField()
    change = serializers.CharField()


class DocumentOut(serializers.Serializer):
    title = serializers.CharField()
    start = serializers.CharField()
    end = serializers.CharField()
    words = serializers.DictField(child=serializers.CharField())
    outcomes = OutcomeOut(many=True)
    agreements = AgreementLineOut(many=True, help_text="That hold, of these stakeholders.")
    metrics = MetricLineOut(many=True)
    goals = GoalLineOut(many=True)
    steps = GoalLineOut(many=True)
    questions = serializers.ListField(child=serializers.CharField())
    signers = serializers.ListField(child=serializers.CharField())
    feedback_until = serializers.CharField()
    anonymous = serializers.BooleanField()


class StrategyOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Of the draft, for the next change.")
    title = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    published = serializers.IntegerField(
        allow_null=True, help_text="The number of the newest version; null: none is published."
    )
    waiting = serializers.IntegerField(help_text="Suggestions without an answer.")


class WordOut(serializers.Serializer):
    agreed = serializers.BooleanField()
    words = serializers.CharField()
    at = serializers.DateTimeField()


class SignatureOut(serializers.Serializer):
    name = serializers.CharField()
    member = serializers.IntegerField(allow_null=True)
    stakeholder = serializers.IntegerField(allow_null=True)
    agreed = serializers.BooleanField(allow_null=True, help_text="null: nothing said yet.")
    words = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    earlier = WordOut(many=True, help_text="What they said before; the last word counts.")


class TakingOut(serializers.Serializer):
    number = serializers.IntegerField(help_text="The version.")
    answered = serializers.IntegerField(help_text="Members who took part.")
    asked = serializers.IntegerField(help_text="Members who could.")
    by_link = serializers.IntegerField(help_text="Answers of colleagues without an account.")
    rate = serializers.FloatField(allow_null=True, help_text="Answered over asked.")


class MissingOut(serializers.Serializer):
    step = serializers.ChoiceField(choices=STEP_CHOICES)
    code = serializers.CharField()
    name = serializers.CharField(help_text="What it is about; empty: the whole step.")
    message = serializers.CharField()


class StrategyWhole(StrategyOut):
    filled = serializers.DictField(
        child=serializers.BooleanField(), help_text="Which of the six steps are whole."
    )
    missing = MissingOut(many=True, help_text="What the draft does not say yet.")
    signatures = SignatureOut(many=True, help_text="On the newest version.")
    participation = TakingOut(allow_null=True, help_text="In the newest version.")
    answered = serializers.BooleanField(help_text="Whether you took part in the newest version.")
    document = DocumentOut()


class StrategyVersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    note = serializers.CharField()
    published_at = serializers.DateTimeField()
    published_by = serializers.CharField(allow_null=True)


class StrategyVersionWhole(StrategyVersionOut):
    document = DocumentOut()


class StrategyPublished(StrategyVersionWhole):
    missing = MissingOut(many=True, help_text="What it does not say.")


class StrategyPieceOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["kept", "added", "removed"])
    text = serializers.CharField()


class StrategyChangeOut(serializers.Serializer):
    step = serializers.CharField(help_text="Empty for the title and the period.")
    kind = serializers.ChoiceField(choices=["added", "removed", "changed"])
    name = serializers.CharField(help_text="Which row; empty for the step's own words.")
    field = serializers.CharField()
    pieces = StrategyPieceOut(many=True)


class ToldChangeOut(serializers.Serializer):
    strategy = serializers.IntegerField()
    title = serializers.CharField(help_text="Of the strategy.")
    goal = serializers.IntegerField(help_text="The goal itself, or one above it.")
    text = serializers.CharField()
    yours = serializers.BooleanField(
        help_text="Whether you own the goal or one of its steps, have a role in it, or are served."
    )


def told_change_out(told: ToldChange) -> dict[str, Any]:
    """What a strategy says that a goal changes."""
    names = {"strategy": "strategy_id", "title": "title", "goal": "goal_id"}
    said = {name: getattr(told, field) for name, field in names.items()}
    return {**said, "text": told.text, "yours": told.yours}


def strategy_out(row: Strategy) -> dict[str, Any]:
    """One strategy of the list."""
    names = ("version", "title", "start", "end", "created_at", "started_at", "closed_at")
    told = {name: getattr(row, name) for name in names}
    return {"id": row.pk, **told, "published": row.latest, "waiting": row.waiting}


def document_out(document: Document) -> Mapping[str, Any]:
    """The document as it is kept."""
    return as_data(document)


def missing_out(document: Document) -> list[dict[str, Any]]:
    """What a document does not say."""
    return [{**asdict(one), "message": sentence_of(one)} for one in document.missing]


def signature_out(one: Signature) -> dict[str, Any]:
    """Who is asked to sign and what they said."""
    return {
        "name": one.name,
        "member": one.signer.member_id,
        "stakeholder": one.signer.stakeholder_id,
        "agreed": one.said.agreed if one.said else None,
        "words": one.said.words if one.said else "",
        "at": one.said.at if one.said else None,
        "earlier": [{"agreed": it.agreed, "words": it.words, "at": it.at} for it in one.earlier],
    }


def taking_out(version: StrategyVersion) -> dict[str, Any]:
    """How many took part in a version."""
    taking = taking_part(version)
    told = {"answered": taking.answered, "asked": taking.asked, "by_link": taking.by_link}
    return {"number": version.number, **told, "rate": taking.rate}


def version_out(version: StrategyVersion) -> dict[str, Any]:
    """One version without its document."""
    by = version.published_by
    return {
        "number": version.number,
        "note": version.note,
        "published_at": version.published_at,
        "published_by": by.user.display_name if by else None,
    }


def change_out(change: Change) -> dict[str, Any]:
    """One difference."""
    return {
        "step": change.step,
        "kind": change.kind.value,
        "name": change.name,
        "field": change.field,
        "pieces": [{"kind": one.kind, "text": one.text} for one in change.pieces],
    }
