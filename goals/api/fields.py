"""Fields that the shapes of goals are made of: amounts, people, rows of the workspace."""

from decimal import Decimal

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from goals.rules import amounts
from metrics.models import Metric
from workspaces.models import Membership, Workspace
from workspaces.queries.people import member_at, members_of

LARGEST_ID = 2**63 - 1
ID_DIGITS = 19


@extend_schema_field({"type": "string", "pattern": amounts.SHAPE.pattern, "example": "25"})
class AmountField(serializers.Field):
    """A decimal as a text (or a JSON number): up to 15 digits before the point, 9 after it."""

    default_error_messages = {
        "not_a_number": gettext_lazy(
            "Write a number such as 25 or 1250.5, without unit or sign of percent."
        ),
    }

    def to_internal_value(self, data: object) -> Decimal:
        """Read it exactly."""
        known = isinstance(data, str | int | float) and not isinstance(data, bool)
        found = amounts.parse(str(data)) if known else None
        if found is None:
            self.fail("not_a_number")
        return found

    def to_representation(self, value: Decimal) -> str:
        """Write it the one way."""
        return amounts.canonical(value)


@extend_schema_field({"oneOf": [{"type": "string", "format": "email"}, {"type": "integer"}]})
class OwnerField(serializers.Field):
    """A member of the workspace, by e-mail address or by id."""

    default_error_messages = {"not_found": gettext_lazy("There is no such member.")}

    def to_internal_value(self, data: object) -> Membership:
        """Another workspace's member does not exist."""
        workspace = self.context["view"].workspace
        if isinstance(data, str) and "@" in data:
            found = member_at(workspace, data)
        else:
            found = members_of(workspace).filter(pk=id_of(data)).first()
        if found is None:
            self.fail("not_found")
        return found

    def to_representation(self, value: Membership) -> int:
        """Its id."""
        return value.pk


def id_of(data: object) -> int:
    """A positive row id, or 0, which no row has."""
    if isinstance(data, int) and not isinstance(data, bool):
        return data if 0 < data <= LARGEST_ID else 0
    text = data if isinstance(data, str) else ""
    known = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
    return id_of(int(text)) if known else 0


@extend_schema_field({"type": "string", "example": "email_clicks"})
class MetricField(serializers.Field):
    """A metric by its key."""

    default_error_messages = {"not_found": gettext_lazy("There is no metric with this key.")}

    def to_internal_value(self, data: object) -> Metric:
        """A metric of this workspace; another's does not exist."""
        found = metric_at(self.context["view"].workspace, data)
        if found is None:
            self.fail("not_found")
        return found

    def to_representation(self, value: Metric) -> str:
        """Its key."""
        return value.key


def metric_at(workspace: Workspace, key: object) -> Metric | None:
    """The metric of that key; some texts are nothing that a database takes."""
    if not (isinstance(key, str) and key.isascii() and key.isprintable()):
        return None
    return Metric.objects.filter(workspace=workspace, key=key).first()
