from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.rules.presets.catalogue import PRESETS
from metrics.rules.presets.preset import Preset
from workspaces.rest import WorkspaceView


class PresetOut(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()
    recognised = serializers.BooleanField(help_text="whether files are recognised by themselves")
    columns = serializers.ListField(child=serializers.CharField())
    metrics = serializers.ListField(child=serializers.CharField())
    left_out = serializers.CharField()


class Presets(WorkspaceView):
    @extend_schema(responses=PresetOut(many=True), operation_id="import_presets")
    def get(self, request: Request, slug: str) -> Response:
        return Response([preset_out(preset) for preset in PRESETS.values()])


def preset_out(preset: Preset) -> dict[str, object]:
    return {
        "name": preset.name,
        "title": preset.title,
        "source": preset.source,
        "recognised": preset.detect,
        "columns": [labels["en"][0] for labels in preset.needs if "en" in labels],
        "metrics": [measure.key for measure in preset.measures],
        "left_out": preset.left_out,
    }
