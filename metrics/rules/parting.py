"""What a value adds up from: one sum, or the two sums of a ratio; else it cannot be forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from metrics.rules.aggregation import Kind, Recipe
from metrics.rules.amounts import unscale
from metrics.rules.arithmetic import ORDINARY, Missing, evaluate
from metrics.rules.formula import Node, Number, Op, Ref, refs

ONE = Decimal(1)


@dataclass(frozen=True)
class Parting:
    """The sum `above`, and of a ratio the sum `below` and its scale, as linear formulas."""

    recipe: Recipe
    above: Node
    below: Node | None = None
    scale: Decimal = ONE

    def amounts(self, amounts: Mapping[int, int]) -> tuple[Decimal | None, Decimal | None]:
        """Both sums of a day from the amounts of the leaves; None where data are missing."""
        env: dict[str, Decimal | Missing] = {
            leaf.key: unscale(amounts[leaf.id], leaf.decimals)
            for leaf in self.recipe.leaves
            if leaf.id in amounts
        }
        for step in self.recipe.steps[:-1]:
            env[step.key] = evaluate(step.node, env, ORDINARY)
        return _known(self.above, env), None if self.below is None else _known(self.below, env)


def _known(node: Node, env: Mapping[str, Decimal | Missing]) -> Decimal | None:
    found = evaluate(node, env, ORDINARY)
    return None if isinstance(found, Missing) else found


def parting_of(recipe: Recipe) -> Parting | None:
    """How a metric adds up over days; None for levels, people, and formulas that do not."""
    if any(leaf.kind is not Kind.ADDITIVE for leaf in recipe.leaves):
        return None
    if not all(is_linear(step.node) for step in recipe.steps[:-1]):
        return None
    last = recipe.steps[-1].node if recipe.steps else Ref(recipe.key)
    if is_linear(last):
        return Parting(recipe, last)
    if isinstance(last, Op) and last.name == "/" and all(map(is_linear, last.args)):
        scale, above = _scaled(last.args[0])
        return Parting(recipe, above, last.args[1], scale)
    return None


def _scaled(node: Node) -> tuple[Decimal, Node]:
    """A number taken out of a product, so that counts stay counts."""
    if isinstance(node, Op) and node.name == "*" and isinstance(node.args[0], Number):
        return node.args[0].value, node.args[1]
    return ONE, node


def is_linear(node: Node) -> bool:
    """Whether the formula of sums is the sum of the formula: metrics added, or times a number."""
    if isinstance(node, Ref):
        return True
    if not isinstance(node, Op):
        return False
    if node.name == "*":
        numbers = [part for part in node.args if not any(True for _ref in refs(part))]
        others = [part for part in node.args if part not in numbers]
        return len(others) == 1 and is_linear(others[0])
    return node.name in {"+", "-", "neg"} and all(is_linear(part) for part in node.args)
