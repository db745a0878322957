import re

import pytest

from mops.marks import Spark, draw_bar, draw_ring, draw_spark


def paths(svg, name):
    return re.findall(rf'<path class="{name}" d="([^"]*)"/>', svg)


def test_a_sparkline_runs_through_its_values_from_edge_to_edge():
    (line,) = paths(draw_spark(Spark([1, 3, 2])), "sp-line")
    assert line.startswith("M2 ")
    assert line.count("L") == 2
    assert "L218 " in line


def test_a_missing_value_is_a_gap_and_never_a_zero():
    svg = draw_spark(Spark([5, 6, None, 7, 8]))
    assert len(paths(svg, "sp-line")) == 2
    assert len(paths(svg, "sp-area")) == 2
    lowest = max(float(y) for line in paths(svg, "sp-line") for y in re.findall(r" ([\d.]+)", line))
    assert lowest < 44  # nothing dives to the floor of the picture


def test_nothing_known_is_said_in_words():
    assert "no data" in draw_spark(Spark([]))
    assert "no data" in draw_spark(Spark([None, None]))


def test_a_level_value_stays_in_the_middle():
    assert "NaN" not in draw_spark(Spark([4, 4, 4]))
    assert "inf" not in draw_spark(Spark([0]))


def test_a_target_is_a_level_line_and_a_plan_a_slope():
    (level,) = paths(draw_spark(Spark([1, 2], target=[3])), "sp-target")
    (plan,) = paths(draw_spark(Spark([1, 2, 3], target=[0, 4])), "sp-target")
    assert "H220" in level
    assert plan.startswith("M2 ")
    assert "L218 " in plan


def test_the_fan_begins_where_the_values_end():
    svg = draw_spark(Spark([1, 2, 3], fan=[(2, 3, 4), (1, 3, 5)]))
    (middle,), (fan,) = paths(svg, "sp-mid"), paths(svg, "sp-fan")
    (dot,) = paths(svg, "sp-dot")
    assert middle.startswith(dot.removesuffix("h.01"))
    assert fan.endswith("Z")
    assert not paths(svg, "sp-area")


def test_an_incomplete_tail_is_drawn_apart():
    svg = draw_spark(Spark([1, 2, 3, 4], tail=1))
    assert paths(svg, "sp-line")[0].count("L") == 2 - 0
    assert paths(svg, "sp-tail")[0].count("L") == 1


def test_a_label_is_escaped_and_an_unnamed_mark_is_hidden():
    assert 'aria-label="&lt;b&gt;"' in draw_spark(Spark([1], label="<b>"))
    assert 'aria-hidden="true"' in draw_spark(Spark([1]))


@pytest.mark.parametrize(("done", "width"), [(0.6, "60%"), (1.7, "100%"), (-1, "0%"), (None, "0%")])
def test_a_bar_stays_inside_its_track(done, width):
    assert f'class="bar-fill" width="{width}"' in draw_bar(done)


def test_a_bar_marks_what_was_expected_only_where_something_was():
    assert "bar-mark" in draw_bar(0.6, 0.61)
    assert "bar-mark" not in draw_bar(0.6, None)


def test_no_mark_uses_a_style_attribute():
    marks = [
        draw_spark(Spark([1, 2], target=[1], fan=[(1, 2, 3)])),
        draw_bar(0.5, 0.5),
        draw_ring(1, 3),
    ]
    assert not any("style" in mark for mark in marks)


def test_a_ring_of_nothing_is_empty():
    assert 'stroke-dasharray="0 100"' in draw_ring(0, 0)
    assert 'stroke-dasharray="57 100"' in draw_ring(4, 7)
