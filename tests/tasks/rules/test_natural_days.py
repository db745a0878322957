from datetime import date

import pytest

from tasks.rules.natural_days import Clock, find_day, folded

MONDAY = date(2026, 11, 23)
SOON = [
    ("Brief tomorrow", "tomorrow", 1),
    ("today: the brief", "today", 0),
    ("day after tomorrow", "day after tomorrow", 2),
    ("Brief fri", "fri", 4),
    ("Brief mon", "mon", 7),  # never today: that is called today
    ("Brief by Friday with Mia", "by Friday", 4),
    ("next week the brief", "next week", 7),
    ("next friday", "next friday", 11),
    ("in 3 days call", "in 3 days", 3),
    ("in 2 weeks", "in 2 weeks", 14),
    ("in 2 months", "in 2 months", 61),
    ("end of month", "end of month", 7),
    ("24 dec", "24 dec", 31),
    ("Dec 24th", "Dec 24th", 31),
    ("2026-12-24", "2026-12-24", 31),
    ("due 24.12.", "due 24.12.", 31),
    ("24/12/2026", "24/12/2026", 31),
    ("jutro brief", "jutro", 1),
    ("pojutrze", "pojutrze", 2),
    ("brief do piątku dla Ewy", "do piątku", 4),
    ("w przyszłym tygodniu", "w przyszłym tygodniu", 7),
    ("za 3 dni", "za 3 dni", 3),
    ("za tydzień", "za tydzień", 7),
    ("24 grudnia", "24 grudnia", 31),
    ("ngày mai gửi", "ngày mai", 1),
    ("gửi thứ sáu", "thứ sáu", 4),
    ("thứ sáu tuần sau", "thứ sáu tuần sau", 11),
    ("tuần sau", "tuần sau", 7),
    ("3 ngày nữa", "3 ngày nữa", 3),
    ("ngày 24 tháng 12", "ngày 24 tháng 12", 31),
    ("ส่งบรีฟพรุ่งนี้", "พรุ่งนี้", 1),
    ("บรีฟ วันศุกร์", "วันศุกร์", 4),
    ("ศุกร์หน้า", "ศุกร์หน้า", 11),
    ("สัปดาห์หน้า", "สัปดาห์หน้า", 7),
    ("อีก ๓ วัน", "อีก ๓ วัน", 3),
    ("๒๔ ธ.ค. ๒๕๖๙", "๒๔ ธ.ค. ๒๕๖๙", 31),
    ("فردا جلسه", "فردا", 1),
    ("پس‌فردا", "پس‌فردا", 2),
    ("جلسه جمعه", "جمعه", 4),
    ("تا جمعه با علی", "تا جمعه", 4),
    ("هفته آينده", "هفته آينده", 7),  # with the Arabic letter
    ("۳ روز دیگر", "۳ روز دیگر", 3),
    ("۲۴ دسامبر", "۲۴ دسامبر", 31),
]
NO_DAY = [
    "",
    "Friday newsletter",
    "Plan Black Friday",
    "Sun cream campaign",
    "maybe in May",
    "24/7 support",
    "3/4 of the page",
    "Due 3/4/2026",
    "31 feb",
    "version 1.12.3",
    "in 99999 days",
    "todayish",
    "1404-01-01",
    "9999-99-99",
    "#24dec",
]


def found(text, *, today=MONDAY, week_starts_on=1):
    return find_day(folded(text), Clock(today, week_starts_on))


@pytest.mark.parametrize(("text", "words", "ahead"), SOON, ids=[text for text, *_rest in SOON])
def test_a_day_is_read_in_five_languages(text, words, ahead):
    one = found(text)
    assert one is not None
    assert (text[one.start : one.end], (one.day - MONDAY).days) == (words, ahead)


@pytest.mark.parametrize("text", NO_DAY)
def test_what_names_no_day_or_could_name_two_is_not_read(text):
    assert found(text) is None


def test_a_week_starts_where_the_workspace_says():
    wednesday = date(2026, 11, 25)
    assert found("next week", today=wednesday, week_starts_on=6).day == date(2026, 11, 28)
    assert found("next week", today=wednesday, week_starts_on=7).day == date(2026, 11, 29)
    assert found("next fri", today=wednesday, week_starts_on=6).day == date(2026, 12, 4)


def test_a_day_without_a_year_is_the_next_one():
    assert found("23 nov").day == MONDAY
    assert found("22 nov").day == date(2027, 11, 22)
    assert found("29 feb").day == date(2028, 2, 29)
    assert found("in 3 months", today=date(2026, 11, 30)).day == date(2027, 2, 28)


def test_of_two_days_the_last_counts():
    text = "Report for 1 dec due tomorrow"
    one = found(text)
    assert text[one.start : one.end] == "due tomorrow"
