"""Trying a formula before it is saved: what is wrong with it, or what it would say."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.models import Metric
from metrics.operations.formulas import read_formula, refuse_cycle
from metrics.queries.recipes import Book, book_of
from metrics.queries.series import read_recipe
from metrics.rules.aggregation import Leaf, Outcome, Recipe, Step
from metrics.rules.formula import parse
from metrics.rules.periods import Span
from workspaces.models import Workspace

TRIED = ""  # no metric has this key


@dataclass(frozen=True)
class Trial:
    """A formula in stored form, the metrics that it names, and its value over each span."""

    formula: str
    inputs: list[Metric]
    outcomes: list[Outcome]


def try_formula(
    workspace: Workspace, text: str, *, spans: Sequence[Span], metric: Metric | None = None
) -> Trial:
    """What the formula gives, by the definitions of now; nothing is stored.

    BadFormula says what is wrong with it; `metric` is the one that it would define, and Refused
    says that it would be made of itself.
    """
    formula, inputs = read_formula(workspace, text, kept=metric.formula if metric else "")
    if metric is not None:
        refuse_cycle(metric, inputs)
    book = book_of(workspace, [part.pk for part in inputs])
    return Trial(formula, inputs, read_recipe(_recipe(book, formula, inputs), spans))


def _recipe(book: Book, formula: str, inputs: Sequence[Metric]) -> Recipe:
    """The recipes of the inputs as one, with the formula on top."""
    leaves: dict[str, Leaf] = {}
    steps: dict[str, Step] = {}
    for part in inputs:
        recipe = book.recipe(part.pk)
        leaves |= {leaf.key: leaf for leaf in recipe.leaves}
        steps |= {step.key: step for step in recipe.steps}
    steps[TRIED] = Step(TRIED, parse(formula))
    return Recipe(tuple(leaves.values()), tuple(steps.values()), TRIED)
