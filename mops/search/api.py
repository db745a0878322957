from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mops.search.results import WORDS, search
from workspaces.rest import WorkspaceView
from workspaces.rules.errors import Invalid, at_field
from workspaces.rules.search import LONGEST, tidied

QUERY = OpenApiParameter(
    "q",
    {"type": "string", "minLength": 1, "maxLength": LONGEST},
    required=True,
    description="Words that must all be in the name; also `#12` for a card, part of a key or of "
    "an e-mail address.",
)


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class IdField(serializers.Field):
    """A number, or the key of a metric."""


class FoundOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=WORDS)
    id = IdField(help_text="As the path of the thing takes it: the key of a metric, else a number.")
    title = serializers.CharField()
    detail = serializers.CharField(help_text="One line that tells it from others of the name.")
    url = serializers.CharField(help_text="Path of its page.")


class SearchOut(serializers.Serializer):
    query = serializers.CharField(help_text="What was searched for: `q` without needless blanks.")
    results = FoundOut(many=True)


class Search(WorkspaceView):
    """Find goals, cards, metrics, boards, stakeholders, agreements, people: at most five each."""

    asks = [QUERY]

    @extend_schema(responses=SearchOut, operation_id="search")
    def get(self, request: Request, slug: str) -> Response:
        text = asked_text(request.query_params.get("q", ""))
        names = FoundOut().fields
        found = [
            {name: getattr(result, name) for name in names}
            for result in search(self.workspace, text)
        ]
        return Response({"query": text, "results": found})


def asked_text(given: str) -> str:
    """The text to search for, or a 400 that says why there is none."""
    text = tidied(given)
    if not text:
        raise Invalid([at_field("q", "required", _("Say what to search for."))])
    if len(given) > LONGEST:
        message = _("Search for at most %(most)s letters.") % {"most": LONGEST}
        raise Invalid([at_field("q", "too_long", message)])
    return text
