from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from lucide import IconDoesNotExist

from mops.templatetags import ui

RATE = SimpleNamespace(unit="percent", decimals=2, currency="")
TODAY = date(2026, 11, 19)


def rendered(source, **context):
    return engines["django"].from_string(source).render(context)


def test_what_a_role_may_is_asked_by_the_action_word():
    assert ui.can({"goals_edit": True}, "goals.edit")
    assert not ui.can({"goals_edit": False}, "goals.edit")
    assert not ui.can({}, "goals.edit")
    assert not ui.can(None, "goals.edit")


def test_an_icon_is_hidden_from_readers_and_sized_by_class():
    html = ui.icon("target", "ic-s")
    assert html.startswith('<svg class="ic ic-s" viewBox="0 0 24 24" aria-hidden="true">')
    assert "style=" not in html


def test_an_icon_with_a_direction_turns_with_the_page():
    assert "flip" in ui.icon("arrow-right")
    assert "flip" not in ui.icon("target")


def test_an_unknown_icon_fails_loudly():
    with pytest.raises(IconDoesNotExist):
        ui.icon("no-such-icon")


def test_an_avatar_stands_for_a_member_or_a_user_and_escapes_the_name():
    user = SimpleNamespace(display_name="<Ana>", initials="A", hue=3)
    assert ui.avatar(user) == ui.avatar(SimpleNamespace(user=user))
    assert "&lt;Ana&gt;" in ui.avatar(user)
    assert "ava-3" in ui.avatar(user)
    assert "Nobody" in ui.avatar(None)


@pytest.mark.parametrize("status", ui.STATUSES)
def test_every_status_has_an_icon_and_a_word(status):
    html = ui.status_badge(status)
    assert "<svg" in html
    assert ui.status_word(status) in html
    assert f"st-{ui.tone(status)}" in html


def test_a_status_that_is_not_there_is_unknown():
    assert ui.status_badge(None) == ui.status_badge("unknown")


def test_statuses_have_six_shapes_so_that_colour_is_not_needed():
    drawings = [drawing for _code, drawing, _word in ui.STATUSES.values()]
    assert len(set(drawings)) == len(drawings)


def test_a_metric_value_has_its_unit_and_none_is_words():
    assert ui.metric_value(Decimal("6.2346"), RATE) == "6.23\u202f%"
    assert ui.metric_figure(Decimal("6.2346"), RATE) == "6.23 <small>%</small>"
    assert ui.metric_value(None, RATE) == ui.metric_figure(None, RATE) == "no data"


@pytest.mark.parametrize(
    ("change", "good", "word", "kind"),
    [
        (Decimal("0.224"), True, "better", "dl-good"),
        (Decimal("0.224"), "up", "better", "dl-good"),
        (Decimal("0.224"), "down", "worse", "dl-bad"),
        (Decimal("-0.1"), "down", "better", "dl-good"),
        (Decimal("-0.1"), None, "", ""),
        (Decimal(0), "up", "no change", ""),
        (Decimal("0.0004"), "up", "no change", ""),
        (Decimal("-0.0006"), "up", "worse", "dl-bad"),
    ],
)
def test_a_change_is_judged_by_what_the_metric_wants(change, good, word, kind):
    html = ui.delta(change, good, "vs Oct")
    assert f'<span class="dl {kind}">' in html
    assert f'<span class="sr">{word} </span>' in html
    assert "vs Oct" in html


def test_a_change_from_nothing_says_so():
    assert "nothing to compare with" in ui.delta(None)


def test_a_change_in_points_uses_its_own_text():
    assert "0.11 pts" in ui.delta(Decimal("-0.11"), False, "vs Oct", text="0.11 pts")


def test_due_says_late_today_or_the_day():
    assert "3 d late" in ui.due(date(2026, 11, 16), TODAY)
    assert "today" in ui.due(TODAY, TODAY)
    assert "27 Nov" in ui.due(date(2026, 11, 27), TODAY)
    assert ui.due(None, TODAY) == ""


def test_a_done_card_is_never_late():
    html = ui.due(date(2026, 11, 16), TODAY, True)
    assert "late" not in html
    assert "16 Nov" in html


def test_a_spark_takes_numbers_points_levels_and_plans():
    points = [SimpleNamespace(value=Decimal(1)), SimpleNamespace(value=None), Decimal(3), "4"]
    assert ui.spark(points, target=Decimal(2)).count("sp-target") == 1
    assert ui.spark(points, target=[Decimal(0), 5]).count("sp-target") == 1
    assert "no data" in ui.spark(None)


def test_the_base_can_read_the_word_of_a_block():
    child = '{% extends "tests/nav.html" %}{% block nav %} goals {% endblock %}'
    engine = engines["django"].engine
    base = '{% block_text "nav" as here %}[{{ here }}]{% block main %}{% endblock %}'
    loaders = engine.template_loaders
    engine.template_loaders = [
        engine.find_template_loader(
            ("django.template.loaders.locmem.Loader", {"tests/nav.html": base})
        )
    ]
    try:
        assert rendered(child) == "[goals]"
    finally:
        engine.template_loaders = loaders


class Everything(forms.Form):
    title = forms.CharField(help_text="Say it.")
    why = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    metric = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("a", "A")])
    sure = forms.BooleanField(required=False)
    upload = forms.FileField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


FIELD = '{% include "components/_field.html" with field=field %}'


@pytest.mark.parametrize(
    ("name", "kind", "part"),
    [
        ("title", "input", 'class="input"'),
        ("why", "area", 'class="textarea"'),
        ("kind", "radio", "radio-card"),
        ("metric", "select", 'class="select"'),
        ("many", "checks", "check-list"),
        ("sure", "check", 'class="tick"'),
        ("upload", "file", 'class="file"'),
    ],
)
def test_every_kind_of_field_has_its_look_and_a_label(name, kind, part):
    field = Everything()[name]
    html = rendered(FIELD, field=field)
    assert ui.kind_of(field) == kind
    assert part in html
    assert "<label" in html or "<legend" in html


def test_a_refused_field_names_its_error_to_readers():
    html = rendered(FIELD, field=Everything({"title": ""})["title"])
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'id="id_title-error"' in html
    assert 'id="id_title-hint"' in html


def test_a_hidden_field_is_only_itself():
    assert rendered(FIELD, field=Everything()["secret"]).strip().startswith("<input")


def test_no_field_tag_writes_two_classes_attributes():
    widget = forms.TextInput(attrs={"class": "input-s"})
    form = forms.Form()
    form.fields["x"] = forms.CharField(widget=widget)
    assert 'class="input input-s"' in rendered(FIELD, field=form["x"])
