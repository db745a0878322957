"""The encoding of a file, told by all of its bytes."""

import pytest

from metrics.rules.faults import Unreadable
from metrics.sources import encodings
from metrics.sources.encodings import detect_encoding
from metrics.sources.tables import preview


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
    monkeypatch.setattr(encodings, "CHUNK", at_once)
    path = tmp_path / "upload.csv"
    path.write_bytes(content)
    assert (told(path) == "utf-8") == is_utf8


def told(path):
    """The encoding, or what is asked."""
    try:
        return detect_encoding(path)
    except Unreadable as question:
        return question.faults[0]


ZURICH = "day,v,city\n" + "2026-10-01,1,Zürich\n" * 3
GENEVA = "day,v,city\n2026-10-01,1,Bern\n2026-10-02,1,Genève\n"


def test_I16_a_broken_letter_does_not_make_another_encoding_of_utf8(tmp_path):
    path = tmp_path / "upload.csv"
    path.write_bytes(ZURICH.encode() + b"2026-10-02,1,\xff\n")
    assert detect_encoding(path) == "utf-8"
    with pytest.raises(Unreadable) as refusal:
        preview(path)
    fault = refusal.value.faults[0]
    assert (fault.code, fault.row, fault.column) == ("damaged_letter", 5, "city")


@pytest.mark.parametrize(
    ("text", "encoding", "others"),
    [
        (GENEVA, "cp1252", ["cp1250: Genčve"]),
        ("day,city\n2026-10-01,Москва\n", "cp1251", ["big5: 沓齕瘔"]),
    ],
)
def test_I16_letters_that_read_two_ways_are_asked_about(tmp_path, text, encoding, others):
    path = tmp_path / "upload.csv"
    path.write_bytes(text.encode(encoding))
    asked = told(path)
    readings = dict(asked.more)["readings"].split("; ")
    assert asked.code == "which_encoding"
    city = text.split(",")[-1].strip()
    assert {f"{encoding}: {city}", *others} <= set(readings)
    assert asked.row == text.count("\n")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp1253", "shift-jis", "cp874", "gbk"])
def test_I16_other_encodings_are_never_taken_for_broken_utf8(tmp_path, encoding):
    texts = {
        "cp1251": "Ёлка, ПЁТР и «Реклама» №5", "koi8-r": "её ёлка", "cp1253": "Έλληνες Άνω",
        "shift-jis": "東京 広告 クリック", "cp874": "กรุงเทพมหานคร เกม", "gbk": "北京 上海 广告",
    }  # fmt: skip
    path = tmp_path / "upload.csv"
    path.write_bytes(f"day;city\n2026-10-01;{texts[encoding]}\n".encode(encoding))
    assert told(path) != "utf-8"
