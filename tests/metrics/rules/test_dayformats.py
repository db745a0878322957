"""Days as files write them."""

from datetime import date

import pytest

from metrics.rules.dayformats import day_reader, directives_of


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("%Y-%m-%d", "2016-01-31", date(2016, 1, 31)),
        ("%Y-%m-%d", " 2016-1-5 ", date(2016, 1, 5)),
        ("%Y%m%d", "20160131", date(2016, 1, 31)),
        ("%d.%m.%Y", "01.05.2020", date(2020, 5, 1)),
        ("%m/%d/%Y", "05/01/2020", date(2020, 5, 1)),
        ("%d/%m/%y", "01/05/20", date(2020, 5, 1)),
        ("%d/%m/%y", "01/05/69", date(1969, 5, 1)),
        ("%b %d, %Y", "Dec 23, 2020", date(2020, 12, 23)),
        ("%b %d, %Y %I:%M %p", "Dec 23, 2020 01:00 pm", date(2020, 12, 23)),
        ("%d %B %Y", "3 MARCH 2020", date(2020, 3, 3)),
        ("%d/%b/%y %I:%M %p", "22/Sep/25 9:26 AM", date(2025, 9, 22)),
        ("%Y-%m-%dT%H:%M:%S%z", "2020-02-29T23:59:60Z", date(2020, 2, 29)),
        ("%Y-%m-%d %H:%M", "2020-02-29 24:00", date(2020, 2, 29)),
    ],
)
def test_a_day_is_read_as_the_format_states(form, text, day):
    assert day_reader(form)(text) == day


@pytest.mark.parametrize("text", ["3 März 2020", "3 märz 2020", "3 Ma\u0308rz 2020"])
def test_month_names_of_another_language(text):
    assert day_reader("%d %B %Y", "de")(text) == date(2020, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "", "2016-02-30", "2016-13-01", "2016-00-10", "31-01-2016", "2016-01-31x",
        "2016-01-31 10:00", "1899-12-31", "9999-01-01", "２０１６-01-31", "2016/01/31", "NaN",
        "2016-W04",
        "2016-01-", "-2016-01-31",
    ],
)  # fmt: skip
def test_what_is_no_such_day_is_refused(text):
    assert day_reader("%Y-%m-%d")(text) is None


@pytest.mark.parametrize(
    "form", ["", "%Y", "%Y-%m", "%m-%d", "%Y-%m-%d%", "%c", "%Y-%m-%d %Y", "%Y %y %m %d", "x" * 99]
)
def test_a_format_that_is_no_day_is_refused(form):
    with pytest.raises(ValueError, match=r"long|unknown|lacking"):
        directives_of(form)


def test_I14_a_hostile_cell_is_read_in_no_time():
    read = day_reader("%d %B %Y %H:%M:%S.%f%z")
    assert read("1" * 100_000) is None
    assert read("a" * 100_000) is None
