"""Read by columns a file says what it says read row by row: RowReader is the judge."""

import csv
import io
from collections import Counter
from datetime import timedelta
from hashlib import blake2b

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metrics.rules.faults import Unreadable
from metrics.rules.keys import plain_key
from metrics.rules.mapping import parse_mapping
from metrics.rules.readings import RowReader
from metrics.rules.rowdays import Setting
from metrics.sources import csv_file
from metrics.sources import spool as spooling
from metrics.sources.spool import Paths, faults_of, spool
from metrics.sources.tables import Table, examine
from tests.make.spooled import spooled_rows
from tests.support.examples import examples

HEADER = ["day", "until", "channel", "kind", "who", "id", "clicks", "cost"]
CELLS = [
    ["2026-01-01", "2026-01-02", "2026-01-04", " 2026-01-01 ", "", "soon", "2026-02-30"],
    ["2026-01-01", "2026-01-02", "2026-01-09", ""],
    ["", "a", "b", "  a", "n/a", "e\u0301", "\u00e9", "c|d", 'say "x"', "two\nlines", "x" * 201],
    ["opened", "clicked", " opened", "other", ""],
    ["", "ann", "bob", "e\u0301va", "\u00e9va", "y" * 201],
    ["k1", "k2", "k|3", "k\\4", " k1", "", "z" * 301],
    ["1", "2", "007", "+1", "-3", "1e2", "n/a", "", "x", "9" * 16, "1,5", "\u0663"],
    ["0.5", "1.005", ".5", "5.", "12.34", "1.2.3", "", "-0", "1 000", "123456789012345.67"],
]  # fmt: skip
ODD = [[], [""], ["", ""], ["Total: a"] + [""] * 7, ["# note"], ["2026-01-01"], HEADER, ["1"] * 9]
FIRST = ["2026-01-01", "2026-01-01", "", "opened", "", "k1", "1", "0.5"]
DAY = {"column": "day", "format": "%Y-%m-%d"}
FILE = {"missing": ["", "n/a"], "skip_first_cell": ["Total"]}
CLICKS, COST = {"metric": "clicks", "column": "clicks"}, {"metric": "cost", "column": "cost"}
BASE = {"version": 1, "source": "s", "file": FILE, "day": DAY, "metrics": [CLICKS, COST]}
DIMS = {"dims": {"ch": {"column": "channel"}, "kind": {"column": "kind"}}}
MAPPINGS = [
    BASE,
    BASE | DIMS,
    BASE | DIMS | {"key": ["id"]},
    BASE | {"key": ["id", "kind"]},
    BASE | DIMS | {"day": {"from": "day", "to": "until"}},
    BASE | {"expect": {"kind": ["opened", "clicked"]}},
    BASE | DIMS | {"metrics": [
        {"metric": "clicks", "constant": "1", "when": {"kind": ["opened", "clicked"]}},
        {"metric": "people", "id": {"column": "who"}, "when": {"kind": "clicked"}},
        {"metric": "cost", "column": "cost"},
    ]},
    BASE | {"key": ["id"], "metrics": [
        {"metric": "clicks", "column": "clicks", "when": {"kind": "opened"}},
        {"metric": "people", "id": {"column": "who"}},
    ]},
    {name: part for name, part in BASE.items() if name != "metrics"} | {
        "long": {"metric": "kind", "value": "clicks", "names": {"opened": "a", "clicked": "b"}},
    },
]  # fmt: skip
rows = st.lists(
    st.one_of(*[st.tuples(*map(st.sampled_from, CELLS)).map(list)] * 6, st.sampled_from(ODD)),
    min_size=1,
    max_size=30,
)


def by_row(path, mapping, decimals):
    """What the reference says: the rows that count with their keys, faults, repeats, left out."""
    with Table(path, examine(path, mapping.file, mapping.columns)) as table:
        reader = RowReader(mapping, table.columns, decimals, Setting("UTC", table.typed))
        kept, faults, copies, latest, seen, repeats = [], [], Counter(), {}, set(), 0
        for number, cells in table:
            read = reader.read(number, cells)
            if isinstance(read, list):
                faults += read
                continue
            people = list(read.people)
            if mapping.key:
                latest[read.key, read.said] = number
            else:
                like = (read.day, read.dims, read.said, tuple(people) if read.said else ())
                copies[like] += 1
                key = plain_key(read.day, read.dims, copies[like])
                if read.said:
                    key += "|" + ",".join(map(str, read.said)) + "|" + hash_of_people(people)
                read = read._replace(key=key)
            repeats += tuple(cells) in seen
            seen.add(tuple(cells))
            kept.append(read._replace(people=people))
        counting = set(latest.values()) if mapping.key else {read.number for read in kept}
        rows = [read._replace(said=()) for read in kept if read.number in counting]
        return rows, faults, repeats, dict(table.left_out)


def hash_of_people(people):
    return blake2b(repr(people).encode(), digest_size=12).hexdigest() if people else ""


def by_column(path, mapping, decimals):
    paths = Paths(path)
    found = spool(paths, mapping, decimals, lambda _rows, _bytes: None)
    return spooled_rows(paths, readings=7), list(faults_of(paths)), found.repeats, found.left_out


def told(way, *args):
    try:
        return way(*args)
    except Unreadable as refusal:
        return refusal.faults


@pytest.mark.parametrize("place", range(len(MAPPINGS)))
@examples(25)
@given(
    listed=rows,
    quoted=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
    at_once=st.sampled_from([1, 3, 1000]),
)
@example(
    listed=[["2026-01-01", "", "a", "opened", "ann", "k1", "1", "2"]] * 3,
    quoted=False,
    end="\n",
    at_once=1000,
)
@example(  # blank lines and a short one that together have as many cells as a line of the table
    listed=[FIRST, [], FIRST, [], ["", ""]],
    quoted=False,
    end="\n\n",
    at_once=1,
)
def test_columns_and_rows_read_the_same(tmp_path, monkeypatch, place, listed, quoted, end, at_once):
    monkeypatch.setattr(spooling, "AT_ONCE", at_once)
    monkeypatch.setattr(csv_file, "FIRST_BLOCK", 90)
    monkeypatch.setattr(csv_file, "BLOCK", 90 * at_once)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else 0)
    writer.writerows([HEADER, *listed])
    path = tmp_path / "upload.csv"
    path.write_text(out.getvalue().removesuffix("\n" if len(listed) % 2 else ""), newline="")
    mapping = parse_mapping(MAPPINGS[place])
    decimals = {entry.metric: 2 if entry.metric == "cost" else 0 for entry in mapping.metrics}
    assert told(by_column, path, mapping, decimals) == told(by_row, path, mapping, decimals)


def test_a_spool_is_read_on_from_any_row(tmp_path):
    path = tmp_path / "upload.csv"
    lines = [f"2026-01-0{n % 9 + 1},a,{n}" for n in range(50)]
    path.write_text("\n".join(["day,channel,clicks", *lines, ""]))
    mapping = parse_mapping(BASE | {"dims": {"ch": {"column": "channel"}}, "metrics": [CLICKS]})
    paths = Paths(path)
    spool(paths, mapping, {"clicks": 0}, lambda _rows, _bytes: None)
    every = spooled_rows(paths)
    assert [row.values[0][1] for row in every] == list(range(50))
    assert every[10].day - every[9].day == timedelta(1)
    assert all(spooled_rows(paths, rows_done=n) == every[n:] for n in (1, 25, 49, 50))
