from hypothesis import given
from hypothesis import strategies as st

from metrics.rules.legend import colours_of

CHARTS = st.lists(st.lists(st.integers(0, 12), max_size=4, unique=True), max_size=5)


def test_a_name_keeps_its_colour_from_chart_to_chart():
    assert colours_of([["a", "b", "c"], ["c", "d", "a"]], 8) == [[1, 2, 3], [3, 4, 1]]


@given(CHARTS)
def test_no_chart_has_a_colour_twice_and_few_names_never_change_theirs(charts):
    found = colours_of(charts, 4)
    for names, colours in zip(charts, found, strict=True):
        assert len(set(colours)) == len(names)
        assert set(colours) <= {1, 2, 3, 4}
    names = {name for chart in charts for name in chart}
    if len(names) <= 4:
        pairs = zip(charts, found, strict=True)
        told = {pair for chart, colours in pairs for pair in zip(chart, colours, strict=True)}
        assert len(told) == len(names)
