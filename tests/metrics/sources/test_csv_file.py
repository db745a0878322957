"""Q10: every dialect of CSV is read right or refused with the row; nothing is held whole."""

import io
import tracemalloc
import zipfile

import pytest

from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import FileShape
from metrics.rules.guesses import guess_mapping
from metrics.rules.mapping import parse_mapping
from metrics.sources.fitting import require_columns
from metrics.sources.names import unique_names
from metrics.sources.tables import Table, examine, preview


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "upload.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows_of(path, **shape):
    with Table(path, examine(path, FileShape(**shape))) as table:
        return table.columns, list(table)


def fault_of(path, **shape):
    with pytest.raises(Unreadable) as refusal:
        rows_of(path, **shape)
    return refusal.value.faults[0]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("dzień,a\n2020-01-01,ż\n".encode(), "utf-8"),
        ("\ufeffdzień,a\n2020-01-01,ż\n".encode(), "utf-8"),
        ("dzień,a\n2020-01-01,ż\n".encode("utf-16"), "utf-16"),
        ("dzień,a\n2020-01-01,ż\n".encode("utf-16-le"), "utf-16-le"),
        ("dzień,a\n2020-01-01,ż\n".encode("utf-16-be"), "utf-16-be"),
        ("dzień,a\r\n2020-01-01,ż\r\n".encode("cp1250"), "cp1250"),
    ],
)
def test_Q10_encodings_are_told_apart(file, content, encoding):
    path = file(content)
    assert examine(path).encoding == encoding
    assert rows_of(path) == (["dzień", "a"], [(2, ["2020-01-01", "ż"])])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("dzień;wartość;miasto\n2020-01-01;1,5;żółć gęślą jaźń\n", "cp1250"),
        ("Tag;Anzeigengröße\n01.05.2020;groß\n", "cp1252"),
        ("วันที่,ช่องทาง\n2020-01-01,อีเมล\n", "cp874"),
        ("дата;канал\n2020;реклама в поиске\n2020;рассылка новостей\n", "cp1251"),
    ],
)
def test_Q10_old_encodings_are_guessed(file, text, encoding):
    assert examine(file(text.encode(encoding))).encoding == encoding


def test_Q10_the_stated_encoding_rules_over_the_guess(file):
    path = file("day,a\n2020,ą\n".encode("iso8859-2"))
    assert rows_of(path, encoding="iso8859-2")[1] == [(2, ["2020", "ą"])]


def test_Q10_a_wrong_encoding_names_the_row(file):
    fault = fault_of(file(b"day,a\n2020,x\n2021,\xff\xfe\n2022,y\n"), encoding="utf-8")
    assert (fault.code, fault.row, dict(fault.more)["encoding"]) == ("encoding_wrong", 3, "utf-8")


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("one\ntwo\n", ","),
        ('a;b\n"x;y";2\n', ";"),
    ],
)
def test_Q10_delimiters_are_sniffed_with_a_comma_as_default(file, content, delimiter):
    assert examine(file(content)).delimiter == delimiter


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_Q10_line_ends_and_quoted_newlines(file, end):
    path = file(end.join(["day,note", f'2020,"two{end}lines, ""quoted"""', "2021,x", ""]))
    assert rows_of(path)[1] == [(2, ["2020", f'two{end}lines, "quoted"']), (3, ["2021", "x"])]


def test_Q10_rows_are_counted_as_a_spreadsheet_counts_them(file):
    path = file("Report\nof May\nday,a\n2020,1\n\n,\n2021,2\n")
    assert rows_of(path, header_row=3) == (["day", "a"], [(4, ["2020", "1"]), (7, ["2021", "2"])])


def test_Q10_ragged_rows_reach_the_caller_and_empty_extra_cells_do_not(file):
    found = rows_of(file("a,b\n1\n1,2,3\n1,2,,\n"))[1]
    assert found == [(2, ["1"]), (3, ["1", "2", "3"]), (4, ["1", "2"])]


def test_repeated_names_of_columns_stay_apart():
    assert unique_names(["a", "a", " a ", "", "a#2", "b", ""]) == [
        "a", "a#2", "a#3", "#4", "a#2#2", "b", "#7",
    ]  # fmt: skip


def test_Q10_five_thousand_columns_are_read(file):
    names = [f"c{n}" for n in range(5000)]
    columns, rows = rows_of(file(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n"))
    assert columns == names
    assert len(rows[0][1]) == 5000


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"", "file_is_empty", None),
        (b"\xef\xbb\xbf", "file_is_empty", None),
        (b"\n \r\n\t\n", "file_is_empty", None),
        (b"a,b", "file_only_header", 1),
        (b"a,b\n\n,\n", "file_only_header", 1),
        (b"\na,b\n1,2\n", "header_is_empty", 1),
        (bytes(range(256)) * 9, "file_is_binary", None),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "file_is_binary", None),
        (b"PAR1" + b"x" * 99, "file_is_binary", None),
        (b"%PDF-1.7 x", "file_is_pdf", None),
        (b"\x1f\x8b\x08\x00abc", "file_is_archive", None),
        (b"PK\x03\x04no zip at all", "file_is_archive", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "file_is_xls", None),
        (b"a,b\n1,2\n1,2\n3", "file_is_cut", 4),
        (b'a,b\n1,2\n1,"2', "file_is_cut_in_quotes", 3),
        ("a,b\n1,ż\n1,ż".encode()[:-1], "file_is_cut_short", 3),
        (b'a,b\n"x"y,2\n', "bad_quotes", 2),
        (b"a,b\n" + b"1,2\n" * 40_000 + b"1,\0\n", "nul_character", 40_002),
        (b"a,b\n" + b"x" * 100_000_000, "line_too_long", 2),
        (b'a,b\n"' + b"x\n" * 50_000_000, "cell_too_long", 2),
        (b"x," * 20_000 + b"\n1\n", "too_many_columns", 1),
    ],
)
def test_Q10_what_is_no_whole_csv_is_refused_by_name_and_row(file, content, code, row):
    fault = fault_of(file(content))
    assert (fault.code, fault.row) == (code, row)


@pytest.mark.parametrize(
    ("member", "code"),
    [("xl/workbook.xml", "file_is_xlsx"), ("content.xml", "file_is_ods"), ("x", "file_is_archive")],
)
def test_F06_a_workbook_named_csv_is_told_for_what_it_is(file, member, code):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(member, "<x/>")
    assert fault_of(file(held.getvalue())).code == code


def test_a_cut_file_says_how_far_its_last_row_reaches(file):
    fault = fault_of(file("day,clicks,opens\n2020-01-01,1,2\n2020-01-02,1"))
    assert (fault.row, fault.column, fault.value) == (3, "clicks", "1")


def test_F03_a_large_file_is_streamed(file):
    path = file("day,a\n" + "2020-01-01,1234567890\n" * 400_000)
    tracemalloc.start()
    with Table(path, examine(path)) as table:
        count = sum(1 for _row in table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400_000
    assert peak < 25_000_000


def test_a_missing_column_is_named_with_those_that_are_there(file):
    mapping = parse_mapping(
        {
            "version": 1,
            "source": "s",
            "day": {"column": "date"},
            "metrics": [{"metric": "m", "column": "Clicks"}],
        }
    )
    with pytest.raises(Unreadable) as refusal:
        require_columns(["day", "clicks"], mapping)
    assert [(fault.column, fault.pointer) for fault in refusal.value.faults] == [
        ("date", "/day/column"),
        ("Clicks", "/metrics/0/column"),
    ]
    assert dict(refusal.value.faults[0].more)["columns"] == "day, clicks"


def test_a_first_mapping_is_guessed_from_the_file(file):
    path = file(
        "id,sent_at_date,sent_at,channel,stats.total_clicks,cost,rate\n"
        "7,2020-01-31,1580428800,mail,10,1.25,3.4%\n"
        "8,2020-02-01,1580515200,ads,#N/A,0.5,4%\n"
        "9,2020-02-02,1580601600,mail,12,3,1%\n"
    )
    found = preview(path, rows=100)
    guess = guess_mapping(found.columns, [cells for _number, cells in found.rows], found.shape)
    assert (guess.day.column, guess.day.format, guess.key) == ("sent_at_date", "%Y-%m-%d", "id")
    assert guess.dims == ("channel",)
    assert guess.metrics == (("stats.total_clicks", 0), ("cost", 2))
    assert guess.shape.missing == ("", "#N/A")


def test_a_guess_says_where_day_and_month_could_be_swapped(file):
    found = preview(file("Date;n\n01/02/2020;1,5\n03/04/2020;2,5\n"), rows=100)
    guess = guess_mapping(found.columns, [cells for _number, cells in found.rows], found.shape)
    assert {guess.day.format, guess.doubtful_day} == {"%d/%m/%Y", "%m/%d/%Y"}
    assert guess.shape.decimal == ","


def test_a_guess_sees_a_day_in_parts(file):
    found = preview(file("month,day,n\nApril,1,4\nMay,30,4\n"), rows=100)
    day = guess_mapping(found.columns, [cells for _number, cells in found.rows], found.shape).day
    assert (day.month, day.day, day.month_names) == ("month", "day", "en")
