"""The encoding of a file, told by all of its bytes."""

import pytest

from metrics.sources import detection
from metrics.sources.detection import detect_encoding


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("content", "is_utf8"),
    [
        (b"day;n\n2026-01-01;1\n", True),
        ("day;Besuche für später\n".encode(), True),
        (b"day;Stra\xc3e\n2026-01-01;1\n", False),  # half of a letter, plain text behind it
        (b"day;n\n2026-01-01;caf\xe9\n", False),
        (b"day;n\n2026-01-01;1\xc3", True),  # cut in its last letter, which is told elsewhere
    ],
)
def test_I16_utf8_is_every_byte_whatever_is_read_at_once(
    tmp_path, monkeypatch, content, is_utf8, at_once
):
    monkeypatch.setattr(detection, "CHUNK", at_once)
    path = tmp_path / "upload.csv"
    path.write_bytes(content)
    assert (detect_encoding(path) == "utf-8") == is_utf8
