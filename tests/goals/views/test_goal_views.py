"""The goals as tree, table and timeline; a thousand of them cost eight queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from goals.queries.catalogue import goal_lines, open_goals
from goals.queries.timelines import timeline_of
from tests.goals.views.reading import at, text_of
from tests.make.goals import make_goal, make_guardrail, measured

pytestmark = pytest.mark.django_db


def test_the_table_is_flat_and_sorted_by_the_end(clicks, ed, client_of):
    top = make_goal(clicks, "Top goal", value="4380")
    soon = ("2026-01-01", "2026-06-30")
    make_goal(clicks, "Step goal", value="900", parent=top, window=soon)
    page = client_of(ed).get(f"{at('index')}?view=table")
    shown = text_of(page)
    assert shown.index("Step goal") < shown.index("Top goal")
    assert "tree-1" not in page.content.decode()


def test_the_timeline_lays_goals_beside_each_other(acme, clicks, ed, noon, client_of):
    half = ("2026-07-01", "2026-12-31")
    make_goal(clicks, "Year goal", value="4380")
    make_goal(clicks, "Half goal", value="900", window=half)
    shown = client_of(ed).get(f"{at('index')}?view=timeline")
    assert "1 Jul – 31 Dec 2026" in text_of(shown)
    assert 'class="stretch stretch-' in shown.content.decode()
    make_goal(clicks, "Far goal", value="900", window=("2031-01-01", "2031-12-31"))
    shown = text_of(client_of(ed).get(f"{at('index')}?view=timeline&from=wild&metric=clicks"))
    assert "1 later" in shown
    assert "Far goal" not in shown
    far = client_of(ed).get(f"{at('index')}?view=timeline&from=2030-07-01&metric=clicks")
    assert "Far goal" in text_of(far)
    assert "?view=timeline&amp;from=2025-10-01&amp;metric=clicks" in far.content.decode()
    assert timeline_of([], date(2027, 3, 2)) is None


def test_a_view_that_is_none_is_the_tree_and_filters_stay(clicks, ed, client_of):
    make_goal(clicks, "Good goal", value="4380", owner=ed)
    page = client_of(ed).get(f"{at('index')}?view=wild&owner={ed.pk}").content.decode()
    assert f"?view=timeline&amp;owner={ed.pk}" in page


def test_a_tree_of_a_thousand_goals_takes_at_most_eight_queries(acme, clicks, noon):
    first = make_goal(clicks, "First", value="4380")
    make_guardrail(first, measured(acme, "bounces", {"2026-03-01": 3}), "below", "30")
    names = [field.attname for field in Goal._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(first, name) for name in names}
    Goal.objects.bulk_create(
        Goal(**{**values, "title": f"Goal {n}", "parent_id": first.pk if n % 2 else None})
        for n in range(999)
    )
    with CaptureQueriesContext(connection) as captured:
        lines = goal_lines(acme, list(open_goals(acme)), noon, as_tree=True, curves=False)
    assert len(lines) == 1000
    assert lines[0].together is not None
    assert len(captured) <= 8
