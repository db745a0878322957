"""What MOps brings, and the generic kind in its three forms."""

import pytest

from connectors.rules.description import parse_description, settled_params
from connectors.sources.kinds import EXAMPLE, KINDS, described
from tests.make.connectors import connect, facts, fetch_now
from tests.support.stub import Reply


def test_the_example_of_the_form_is_a_sound_description():
    assert parse_description(EXAMPLE).replace is True


def test_every_kind_is_a_sound_description():
    for key in KINDS:
        if key != "custom":
            description = described(key)
            assert {entry.metric for entry in description.metrics} <= {
                entry.key for entry in description.create
            }
            given = {name: "1" for name in description.params if name != "currency"}
            assert set(settled_params(description, given)) == set(description.params)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", "day,channel,clicks\r\n2026-03-01,mail,7\r\n2026-03-02,,8\r\n"),
        ("ndjson", '{"day":"2026-03-01","channel":"mail","clicks":7}\n'
         '{"day":"2026-03-02","clicks":"8"}\n'),
        ("json", '[{"day":"2026-03-01","channel":"mail","clicks":7},'
         '{"day":"2026-03-02","channel":null,"clicks":8.0}]'),
    ],
)  # fmt: skip
def test_the_same_numbers_come_as_csv_as_lines_and_as_json(acme, stub, form, content):
    stub.says(Reply(content))
    rows = "[]" if form == "json" else ""
    described_ = {
        "version": 1, "format": form, "rows": rows,
        "request": {"url": f"{stub.url}/x"},
        "window": {"days_back": 7, "overlap": 7, "chunk": 31},
        "day": {"path": "day"}, "dims": {"channel": {"path": "channel"}},
        "metrics": [{"metric": "clicks", "path": "clicks"}], "replace": True,
        "create": [{"key": "clicks", "name": "Clicks"}],
    }  # fmt: skip
    fetch = fetch_now(connect(acme, described_))
    assert fetch.state == "done", fetch.faults
    assert facts(acme, "clicks") == {("2026-03-01", "mail"): 7, ("2026-03-02",): 8}
