import pytest

from metrics.rules.pairs import pairs_as_text, read_pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        (" , ", []),
        ("channel:email, region: EU ,", [("channel", "email"), ("region", "EU")]),
        ('region:"Zürich, München", a:b:c', [("region", "Zürich, München"), ("a", "b:c")]),
        ('a:"say ""hi"", you",b:5" wide', [("a", 'say "hi", you'), ("b", '5" wide')]),
        ("a", None),
        ("a:", None),
        ('a:"open', None),
        ('a:"x" y', None),
        (":x", None),
    ],
)
def test_dimensions_are_read_as_typed(text, pairs):
    assert read_pairs(text) == pairs


def test_what_is_written_is_read_back():
    dims = (("a", 'x, "y"'), ("b", '"z'), ("c", "plain words"))
    assert read_pairs(pairs_as_text(dims)) == list(dims)
