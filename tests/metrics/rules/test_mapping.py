"""The mapping document: what it may say, and that everything else is refused by its place."""

import copy

import pytest

from metrics.rules.faults import Unreadable
from metrics.rules.mapping import parse_mapping

WHOLE = {
    "version": 1,
    "source": "newsletter",
    "file": {
        "encoding": "utf-8",
        "delimiter": ",",
        "decimal": ".",
        "header_row": 1,
        "missing": ["", "#N/A"],
    },
    "day": {"column": "sent_at_date", "format": "%Y-%m-%d"},
    "key": ["id"],
    "dims": {"campaign": {"column": "campaign_number"}},
    "metrics": [
        {"metric": "clicks", "column": "stats.total_clicks"},
        {"metric": "editions", "constant": "1"},
    ],
    "create": [
        {
            "key": "clicks",
            "name": "Total clicks",
            "kind": "additive",
            "unit": "count",
            "decimals": 0,
        }
    ],
}


def changed(pointer, value):
    """The document with one place replaced (or removed, by ...)."""
    document = copy.deepcopy(WHOLE)
    *steps, last = pointer.strip("/").split("/")
    place = document
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return document


def faults_of(document):
    with pytest.raises(Unreadable) as refusal:
        parse_mapping(document)
    return {(fault.pointer, fault.code) for fault in refusal.value.faults}


def test_the_document_of_the_issue_is_read_whole():
    found = parse_mapping(WHOLE)
    assert found.source == "newsletter"
    assert found.day.column == "sent_at_date"
    assert found.file.missing == ("", "#N/A")
    assert found.dims == (("campaign", "campaign_number"),)
    assert [(entry.metric, entry.column, entry.constant) for entry in found.metrics] == [
        ("clicks", "stats.total_clicks", ""),
        ("editions", "", "1"),
    ]
    assert found.create[0].name == "Total clicks"


def test_a_day_in_parts_is_read():
    day = {"parts": {"month": "month", "day": "day"}, "month_names": "en", "year": 2020}
    found = parse_mapping(changed("/day", day)).day
    assert (found.month, found.day, found.year, found.month_names) == ("month", "day", 2020, "en")
    assert found.columns == ("month", "day")


def test_what_is_written_reads_back_the_same():
    for document in (WHOLE, changed("/day", {"parts": {"month": "m", "day": "d", "year": "y"}})):
        found = parse_mapping(document)
        assert parse_mapping(found.as_json()) == found
        assert parse_mapping(found.as_json()).as_json() == found.as_json()


def test_the_short_form_takes_the_defaults():
    found = parse_mapping(
        {
            "version": 1,
            "source": "s",
            "day": {"column": "day"},
            "metrics": [{"metric": "m", "column": "m"}],
        }
    )
    assert (found.file.encoding, found.file.delimiter, found.file.missing) == ("", "", ("",))
    assert (found.key, found.dims, found.create) == ((), (), ())


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        ("/version", 2, ("/version", "mapping_version")),
        ("/version", ..., ("/version", "mapping_needed")),
        ("/sauce", "x", ("/sauce", "mapping_unknown")),
        ("/source", "", ("/source", "mapping_text")),
        ("/source", 7, ("/source", "mapping_text")),
        ("/source", "a\0b", ("/source", "mapping_text")),
        ("/source", "\ud800", ("/source", "mapping_text")),
        ("/source", ..., ("/source", "mapping_needed")),
        ("/file/encodings", "utf-8", ("/file/encodings", "mapping_unknown")),
        ("/file/encoding", "rot13", ("/file/encoding", "mapping_encoding")),
        ("/file/encoding", "zip", ("/file/encoding", "mapping_encoding")),
        ("/file/delimiter", ",,", ("/file/delimiter", "mapping_choice")),
        ("/file/decimal", "'", ("/file/decimal", "mapping_choice")),
        ("/file/thousands", ".", ("/file/thousands", "mapping_same_marks")),
        ("/file/header_row", 0, ("/file/header_row", "mapping_whole")),
        ("/file/header_row", True, ("/file/header_row", "mapping_whole")),
        ("/file/missing", "#N/A", ("/file/missing", "mapping_array")),
        ("/file/missing", [None], ("/file/missing/0", "mapping_text")),
        ("/file", [], ("/file", "mapping_object")),
        ("/day", ..., ("/day", "mapping_needed")),
        ("/day", "sent_at", ("/day", "mapping_object")),
        ("/day", {"format": "%Y-%m-%d"}, ("/day/column", "mapping_needed")),
        ("/day/zone", "UTC", ("/day/zone", "mapping_unknown")),
        ("/day/format", "%Y-%m", ("/day/format", "mapping_day_format")),
        ("/day/format", "%Q", ("/day/format", "mapping_day_format")),
        ("/day/format", "%Y-%m-%d %d", ("/day/format", "mapping_day_format")),
        ("/day", {"parts": {"month": "m"}, "year": 2020}, ("/day/parts/day", "mapping_needed")),
        ("/day", {"parts": {"month": "m", "day": "d"}}, ("/day/year", "mapping_one_year")),
        (
            "/day",
            {"parts": {"month": "m", "day": "d", "year": "y"}, "year": 2020},
            ("/day/year", "mapping_one_year"),
        ),
        (
            "/day",
            {"parts": {"month": "m", "day": "d"}, "year": "2020"},
            ("/day/year", "mapping_whole"),
        ),
        (
            "/day",
            {"parts": {"month": "m", "day": "d"}, "year": 2020, "month_names": "tlh"},
            ("/day/month_names", "mapping_choice"),
        ),
        ("/key", "id", ("/key", "mapping_array")),
        ("/key", [""], ("/key/0", "mapping_text")),
        ("/dims", [], ("/dims", "mapping_object")),
        ("/dims", {"Campaign": {"column": "c"}}, ("/dims/Campaign", "mapping_name")),
        ("/dims", {"a": "c"}, ("/dims/a", "mapping_object")),
        ("/dims", {"a": {"column": "c", "as": "x"}}, ("/dims/a/as", "mapping_unknown")),
        ("/dims", {f"d{n}": {"column": "c"} for n in range(11)}, ("/dims", "mapping_too_many")),
        ("/metrics", [], ("/metrics", "mapping_too_few")),
        ("/metrics", {}, ("/metrics", "mapping_array")),
        ("/metrics/0", {"metric": "a"}, ("/metrics/0", "mapping_column_or_constant")),
        (
            "/metrics/0",
            {"metric": "a", "column": "c", "constant": "1"},
            ("/metrics/0", "mapping_column_or_constant"),
        ),
        ("/metrics/0", {"column": "c"}, ("/metrics/0/metric", "mapping_needed")),
        ("/metrics/0", {"metric": "A b", "column": "c"}, ("/metrics/0/metric", "mapping_name")),
        ("/metrics/0", {"metric": ["a"], "column": "c"}, ("/metrics/0/metric", "mapping_name")),
        ("/metrics/1", {"metric": "clicks", "column": "c"}, ("/metrics/1/metric", "mapping_twice")),
        ("/metrics/0/scale", 2, ("/metrics/0/scale", "mapping_unknown")),
        ("/create", {}, ("/create", "mapping_array")),
        ("/create/0/colour", "red", ("/create/0/colour", "mapping_unknown")),
        ("/create/0/name", ..., ("/create/0/name", "mapping_needed")),
        ("/create/0/decimals", 7, ("/create/0/decimals", "mapping_whole")),
        ("/create/0/decimals", "2", ("/create/0/decimals", "mapping_whole")),
        ("/create/0/kind", "sum", ("/create/0/kind", "mapping_choice")),
        ("/create/0/direction", "left", ("/create/0/direction", "mapping_choice")),
        ("/create/0/key", "9lives", ("/create/0/key", "mapping_name")),
        ("/create/0", None, ("/create/0", "mapping_object")),
    ],
)
def test_each_fault_is_named_by_its_pointer(pointer, value, fault):
    assert fault in faults_of(changed(pointer, value))


@pytest.mark.parametrize("document", [None, [], "text", 7, True])
def test_what_is_no_object_is_refused(document):
    assert faults_of(document) == {("", "mapping_object")}


def test_all_faults_are_told_at_once():
    document = changed("/source", "") | {"version": 3, "colour": 1}
    assert {pointer for pointer, _code in faults_of(document)} == {"/source", "/version", "/colour"}


def test_a_row_names_one_metric():
    long = {"metric": "kind", "value": "n", "names": {"opened": "opens", " opened": "clicks"}}
    document = {name: part for name, part in WHOLE.items() if name != "metrics"} | {"long": long}
    assert ("/long/names/opened", "mapping_twice") in faults_of(document)
