from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from metrics.queries.explain import Windows, explain
from metrics.rules.explain import added
from metrics.rules.periods import Span
from tests.make.metrics import make_metric, make_ratio, observe
from tests.support.examples import examples

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 10), date(2026, 2, 10)
WINDOWS = Windows(
    now=Span(date(2026, 2, 1), date(2026, 2, 28)), against=Span(date(2026, 1, 1), date(2026, 1, 31))
)


def seen(metric, day, **segments):
    for name, value in segments.items():
        observe(metric, {day: value}, dims={"ch": name} if name != "none" else {})


@pytest.fixture
def ctr(acme):
    ratio = make_ratio(acme)
    seen(ratio.numerator, JAN, mail=90, ads=1)
    seen(ratio.denominator, JAN, mail=900, ads=100)
    seen(ratio.numerator, FEB, mail=12, ads=18)
    seen(ratio.denominator, FEB, mail=100, ads=900)
    return ratio


def test_a_ratio_by_mix_and_rate(ctr):
    told = explain(ctr, WINDOWS, by="ch")
    assert (told.before, told.after, told.change) == (Decimal("9.1"), Decimal(3), Decimal("-6.1"))
    assert told.way == "ratio"
    assert added([told.mix, told.rate, told.unrated, told.overlap]) == told.change
    rows = {row.name: row for row in told.rows}
    assert (rows["mail"].before, rows["mail"].after) == (10, 12)
    assert rows["ads"].share_after == Decimal("0.9")
    assert max(row.size for row in told.rows) == 1.0


def test_a_sum_by_the_parts_of_its_segments(ctr):
    told = explain(ctr.numerator, WINDOWS, by="ch")
    assert told.way == "sum"
    assert [(row.name, row.effect) for row in told.rows] == [("mail", -78), ("ads", 17)]
    assert (told.change, told.overlap) == (-61, 0)


def test_a_filter_narrows_what_is_explained(ctr):
    told = explain(ctr, WINDOWS, by="ch", where=[("ch", "mail")])
    assert [row.name for row in told.rows] == ["mail"]
    assert told.change == told.rate == 2


def test_a_window_without_data_has_nothing_to_split(ctr):
    empty = Windows(WINDOWS.now, Span(date(2020, 1, 1), date(2020, 1, 31)))
    told = explain(ctr, empty, by="ch")
    assert (told.way, told.change, told.rows) == ("none", None, [])


def test_a_zero_denominator_has_nothing_to_split(acme):
    ratio = make_ratio(acme)
    seen(ratio.numerator, JAN, mail=1)
    seen(ratio.denominator, JAN, mail=0)
    seen(ratio.numerator, FEB, mail=1)
    seen(ratio.denominator, FEB, mail=5)
    assert explain(ratio, WINDOWS, by="ch").way == "none"


def test_missing_dimensions_are_a_segment(acme):
    metric = make_metric(acme)
    seen(metric, JAN, mail=5, none=1)
    seen(metric, FEB, mail=5, none=4)
    told = explain(metric, WINDOWS, by="ch")
    assert [(row.name, row.effect) for row in told.rows] == [(None, 3), ("mail", 0)]


def test_the_number_of_queries_does_not_grow(acme, ctr):
    def queries():
        with CaptureQueriesContext(connection) as found:
            explain(ctr, WINDOWS, by="ch")
        return len(found)

    before = queries()
    seen(ctr.denominator, FEB, **{f"c{n}": n for n in range(20)})
    assert queries() == before


@examples(15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([JAN, FEB]),
            st.sampled_from(["mail", "ads", "web"]),
            st.integers(0, 50),
            st.integers(0, 500),
        ),
        max_size=12,
    )
)
def test_stored_facts_add_up_whatever_they_are(acme, facts):
    ratio = make_ratio(
        acme, f"r{len(connection.queries_log)}{acme.pk}{hash(tuple(facts)) % 10**9}",
        numerator=make_metric(acme, f"a{abs(hash(tuple(facts)))}"),
        denominator=make_metric(acme, f"b{abs(hash(tuple(facts)))}"),
    )  # fmt: skip
    for place, (day, name, above, below) in enumerate(facts):
        observe(ratio.numerator, {day: above}, dims={"ch": name}, key=f"a{place}")
        observe(ratio.denominator, {day: below}, dims={"ch": name}, key=f"b{place}")
    if not facts:
        return
    told = explain(ratio, WINDOWS, by="ch")
    if told.way == "ratio":
        assert added([told.mix, told.rate, told.unrated, told.overlap]) == told.change
        assert told.overlap == 0
