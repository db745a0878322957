"""F06: workbooks are read exactly, or refused for what they are; none unpacks into a flood."""

import io
import zipfile
from datetime import datetime, time, timedelta

import openpyxl
import pytest

from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import FileShape
from metrics.rules.readings import UNSAVED
from metrics.sources.tables import Table, examine


@pytest.fixture
def book(tmp_path):
    def write(rows, change=None, state="visible"):
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = "Data"
        for row in rows:
            sheet.append(row)
        hidden = made.create_sheet("Lists")
        hidden.sheet_state = "hidden"
        if change:
            change(sheet)
        path = tmp_path / "upload.xlsx"
        made.save(path)
        return path

    return write


def rows_of(path, **shape):
    with Table(path, examine(path, FileShape(**shape))) as table:
        return table.columns, [cells for _row, cells in table]


def fault_of(path, **shape):
    with pytest.raises(Unreadable) as refusal:
        rows_of(path, **shape)
    return refusal.value.faults[0].code


def test_numbers_days_and_texts_are_exact_whatever_mark_the_mapping_has(book):
    day = datetime(2026, 1, 31)  # noqa: DTZ001  a workbook has no zones
    path = book([
        ["day", "a", "b", "c", "d"],
        [day, 1661.67, 10**15, 0.1, True],
        [day.replace(hour=9, minute=30), -5, 1e-7, "x", None],
        ["31.01.2026", 7.0, time(9, 30), timedelta(minutes=1), "#N/A"],
    ])  # fmt: skip
    assert rows_of(path)[1] == [
        ["2026-01-31", "1661.67", "1000000000000000", "0.1", "TRUE"],
        ["2026-01-31 09:30:00", "-5", "1e-07", "x", ""],
        ["31.01.2026", "7", "09:30:00", "60.0", "#N/A"],
    ]
    assert rows_of(path, decimal=",")[1][0][1] == "1661,67"


def test_a_percentage_stays_one_and_is_refused_as_one(book):
    def percent(sheet):
        sheet["B2"].number_format = "0.00%"

    assert rows_of(book([["day", "rate"], ["x", 0.4778]], percent))[1] == [["x", "47.7800%"]]


def test_hidden_sheets_say_nothing(book):
    assert rows_of(book([["day", "a"], ["x", 2]]))[1] == [["x", "2"]]


def test_a_title_above_the_names_is_passed_over(book):
    columns, rows = rows_of(book([["Report"], [], ["day", "a", "b"], ["x", 1, 2], ["y", 3]]))
    assert (columns, rows) == (["day", "a", "b"], [["x", "1", "2"], ["y", "3", ""]])


def with_part(path, name, content):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_F06_macros_and_bombs_are_refused(book):
    rows = [["day", "a"], ["x", 1]]
    assert fault_of(with_part(book(rows), "xl/vbaProject.bin", b"x")) == "workbook_has_macros"
    flood = b"0" * 50_000_000
    assert fault_of(with_part(book(rows), "xl/worksheets/sheet9.xml", flood)) == "workbook_is_bomb"


def test_F06_what_is_no_workbook_is_told(tmp_path):
    path = tmp_path / "upload.xlsx"
    path.write_bytes(b"day,a\n2026-01-01,1\n")
    assert fault_of(path) == "workbook_is_broken"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    path.write_bytes(held.getvalue())
    assert fault_of(path) == "file_is_no_workbook"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")
    path.write_bytes(held.getvalue())
    assert fault_of(path) == "workbook_is_broken"


def test_F06_a_sheet_that_says_it_is_endless_is_read_as_far_as_it_goes(book):
    path = book([["day", "a"], ["x", 1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"A1:B2", b"A1:XFD1048576")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert rows_of(path) == (["day", "a"], [["x", "1"]])


def test_the_sheet_is_named_or_asked_for(book):
    path = book([["day"], ["x"]])
    assert fault_of(path, sheet="Nothing") == "no_sheet"
    assert rows_of(path, sheet="Data") == (["day"], [["x"]])


def test_I16_a_formula_without_a_stored_value_is_no_empty_cell(book):
    path = book([["day", "v"], ["2026-10-01", 5], ["2026-10-02", "=2+2"], [None, None],
                 ["2026-10-03", 7]])  # fmt: skip
    assert rows_of(path)[1] == [
        ["2026-10-01", "5"], ["2026-10-02", f"{UNSAVED}=2+2"], ["2026-10-03", "7"],
    ]  # fmt: skip


def test_a_formula_with_a_stored_value_is_that_value(book, tmp_path):
    path = book([["day", "v", "w"], ["2026-10-01", "=2+2", '=IF(1,"")']])
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as read, zipfile.ZipFile(stored, "w") as made:
        for name in read.namelist():
            content = read.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<f>2+2</f><v></v>", b"<f>2+2</f><v>4</v>")
                content = content.replace(b"<f>2+2</f><v />", b"<f>2+2</f><v>4</v>")
                content = content.replace(b'<c r="C2">', b'<c r="C2" t="str">')
            made.writestr(name, content)
    assert rows_of(stored)[1] == [["2026-10-01", "4", ""]]
