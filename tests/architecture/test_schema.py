"""The REST contract is a file: a change of it is seen in review, never by a client first."""

from pathlib import Path

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

FILE = Path(__file__).parents[2] / "docs" / "openapi.yaml"


def test_the_schema_in_the_docs_is_the_one_that_is_served():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    written = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
    assert written == FILE.read_text(encoding="utf-8"), (
        "the contract has changed; if clients may see it: "
        "python manage.py spectacular --file docs/openapi.yaml"
    )
