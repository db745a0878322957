"""Money of different currencies is not computed together."""

from dataclasses import replace

import pytest

from metrics.models import Metric
from metrics.operations.definitions import definition_of, redefine_metric
from metrics.operations.formulas import note_inputs
from metrics.queries.quality import Asked, findings
from tests.make.imports import MAPPING, import_file
from tests.make.metrics import make_metric, observe
from tests.make.workspaces import NOON
from workspaces.rules.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def money(acme):
    """Cost in EUR, value in USD, and clicks."""
    make_metric(acme, "cost", unit="currency", decimals=2, currency="EUR")
    make_metric(acme, "value", unit="currency", decimals=2, currency="USD")
    make_metric(acme, "clicks")
    return acme


def derived(space, formula, **fields):
    return make_metric(space, "made", kind="derived", formula=formula, **fields)


def ratio(space, above, below, **fields):
    return make_metric(space, "made", kind="ratio", numerator=above, denominator=below, **fields)


@pytest.mark.parametrize(
    "formula", ["cost + value", "value - cost", "value / cost", "min(cost, 3 * value)"]
)
def test_a_formula_does_not_mix_currencies_and_says_where(money, formula):
    with pytest.raises(Invalid) as refused:
        derived(money, formula, unit="number")
    [problem] = refused.value.problems
    second = max(formula.index("cost"), formula.index("value")) + 1
    assert (problem.code, problem.column) == ("formula_two_currencies", "formula")
    assert f"At character {second}:" in problem.message
    assert "EUR" in problem.message
    assert "USD" in problem.message


def test_a_ratio_does_not_divide_one_currency_by_another(money):
    with pytest.raises(Refused) as refused:
        ratio(money, "value", "cost", unit="number")
    assert (refused.value.code, refused.value.field) == ("two_currencies", "denominator")


@pytest.mark.parametrize(
    ("formula", "fields", "fault"),
    [
        ("cost * 2", {"unit": "currency", "currency": "USD"}, ("other_currency", "currency")),
        ("cost / cost", {"unit": "currency", "currency": "EUR"}, ("not_money", "unit")),
        ("cost * 2", {"unit": "currency", "currency": "EUR"}, None),
        ("cost * cost / cost", {"unit": "currency", "currency": "EUR"}, None),
        ("max(cost, 5) / clicks", {"unit": "currency", "currency": "EUR"}, None),
        ("cost / cost", {"unit": "number"}, None),
        ("clicks * 3", {"unit": "currency", "currency": "CHF"}, None),
    ],
)
def test_a_result_in_money_is_in_the_money_of_its_inputs(money, formula, fields, fault):
    if fault is None:
        assert derived(money, formula, decimals=2, **fields).pk
        return
    with pytest.raises(Refused) as refused:
        derived(money, formula, decimals=2, **fields)
    assert (refused.value.code, refused.value.field) == fault


def test_what_mixes_currencies_since_an_input_changed_is_found_and_can_still_be_renamed(money, ed):
    made = ratio(money, "cost", "clicks", unit="currency", decimals=2, currency="EUR")
    sums = make_metric(
        money, "sums", kind="derived", formula="cost - clicks", unit="currency", currency="EUR"
    )
    cost = Metric.objects.get(key="cost")
    definition = replace(definition_of(cost), currency="CHF")
    redefine_metric(cost, definition=definition, version=1, by=ed, at=NOON)
    observe(cost, {"2026-01-01": 5})
    found = findings(money, Asked(kind="currencies"), at=NOON)
    assert [(row.metric.key, row.finding.severity) for row in found] == [
        ("made", "error"),
        ("sums", "error"),
    ]
    assert "cost (CHF), made (EUR)" in found[0].sentence
    for metric in (made, sums):
        definition = replace(definition_of(Metric.objects.get(pk=metric.pk)), name="Renamed")
        redefine_metric(metric, definition=definition, version=1, by=ed, at=NOON)
    definition = replace(definition_of(Metric.objects.get(pk=sums.pk)), formula="cost * 2")
    with pytest.raises(Refused, match="CHF"):
        redefine_metric(sums, definition=definition, version=2, by=ed, at=NOON)


def test_a_formula_from_before_that_mixes_may_be_renamed(money, ed):
    made = derived(money, "cost * 2", unit="number")
    Metric.objects.filter(pk=made.pk).update(formula="cost + value")
    note_inputs(made, [Metric.objects.get(key="value")])
    definition = replace(definition_of(Metric.objects.get(pk=made.pk)), name="Renamed")
    assert redefine_metric(made, definition=definition, version=1, by=ed, at=NOON).version == 2


def test_a_mapping_does_not_define_what_mixes_currencies(acme, ed):
    cost = {"key": "cost", "name": "Cost", "unit": "currency", "currency": "EUR", "decimals": 2}
    value = cost | {"key": "value", "name": "Value", "currency": "USD"}
    roas = {"key": "roas", "name": "ROAS", "kind": "derived", "unit": "number"}
    mapping = MAPPING | {
        "metrics": [{"metric": "cost", "column": "cost"}, {"metric": "value", "column": "clicks"}],
        "create": [cost, value, roas | {"formula": "value / cost"}],
    }
    with pytest.raises(Invalid) as refused:
        import_file(ed, mapping=mapping)
    [problem] = refused.value.problems
    assert (problem.pointer, problem.code) == ("/create/2/formula", "formula_two_currencies")
    assert not Metric.objects.exists()
