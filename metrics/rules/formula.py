"""Formulas of derived metrics: a small language, read by an allow-list, never run as a program.

Numbers, metrics (`clicks`, or `[Total clicks]` by name), `+ - * /`, brackets and four functions:
`min`, `max`, `abs`, and `if_missing(x, y)`. What is missing makes the whole missing, and so does a
division by zero. Every fault is told with its place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

LONGEST = 2_000
MOST_PARTS = 200
DEEPEST = 200
MOST_ARGUMENTS = 20
FUNCTIONS = {
    "min": (1, MOST_ARGUMENTS),
    "max": (1, MOST_ARGUMENTS),
    "abs": (1, 1),
    "if_missing": (2, 2),
}
SHOWN = 20
KEY = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
NUMBER_LIKE = re.compile(r"[0-9][0-9A-Za-z_.]*")
NAME_LIKE = re.compile(r"[a-z][a-z0-9_]{0,62}")
NO_CLOSE = re.compile(r"[^\]\[]*(\[|\Z)")
GRAMMAR = r"""
    ?start: sum
    ?sum: product | sum "+" product -> add | sum MINUS product -> sub
    ?product: sign | product TIMES sign -> mul | product DIVIDE sign -> div
    ?sign: atom | MINUS sign -> neg
    ?atom: NUMBER -> number
         | NAME -> named
         | QUOTED -> quoted
         | NAME "(" sum ("," sum)* ")" -> call
         | "(" sum ")"
    MINUS: "-" | "−"
    TIMES: "*" | "×"
    DIVIDE: "/" | "÷"
    NUMBER: /[0-9]{1,15}(\.[0-9]{1,9})?(?![0-9.A-Za-z_])/
    NAME: /[a-z][a-z0-9_]{0,62}(?![A-Za-z0-9_.\[])/
    QUOTED: /\[[^\[\]]{1,120}\]/
    %ignore /[ \t\r\n]+/
"""


class BadFormula(ValueError):
    """What is wrong with a formula, and at which character (from 1; 0: with the whole of it)."""

    def __init__(
        self, code: str, place: int = 0, found: str = "", *, against: tuple[str, ...] = ()
    ) -> None:
        """Keep the code, the place, what stands there, and two words that do not go together."""
        super().__init__(code)
        self.code, self.place, self.found = code, place, found[:SHOWN]
        self.here, self.before = against or ("", "")


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Ref:
    """A metric: its key, or in brackets its name; `place` is where it stands in the text."""

    name: str
    quoted: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Op:
    """`+ - * / neg` or a function over its arguments."""

    name: str
    args: tuple["Node", ...]
    size: int = field(default=1, compare=False)
    depth: int = field(default=1, compare=False)


Node = Number | Ref | Op


def _op(name: str, args: tuple["Node", ...]) -> "Op":
    """An operation that is not too large, whatever stands below it."""
    below = [part for part in args if isinstance(part, Op)]
    size = 1 + len(args) - len(below) + sum(part.size for part in below)
    depth = 1 + max((part.depth for part in below), default=1)
    if size > MOST_PARTS * 2 or depth > DEEPEST:
        raise BadFormula("formula_too_large")
    return Op(name, args, size, depth)


class _Build(Transformer[Token, Node]):
    """Makes nodes while lark reads, so that no depth of brackets makes anything recurse."""

    def number(self, parts: list[Token]) -> Node:
        return Number(Decimal(str(parts[0])))

    def named(self, parts: list[Token]) -> Node:
        return Ref(str(parts[0]), place=_place(parts[0]))

    def quoted(self, parts: list[Token]) -> Node:
        text = str(parts[0])[1:-1].strip()
        if not text:
            raise BadFormula("formula_unexpected", _place(parts[0]), str(parts[0]))
        return Ref(text, quoted=True, place=_place(parts[0]))

    def call(self, parts: list[Any]) -> Node:
        name, args = str(parts[0]), tuple(parts[1:])
        least, most = FUNCTIONS.get(name, (0, -1))
        if most < 0:
            raise BadFormula("formula_function", _place(parts[0]), name)
        if not least <= len(args) <= most:
            raise BadFormula("formula_arguments", _place(parts[0]), name)
        return _op(name, args)

    def neg(self, parts: list[Any]) -> Node:
        return _op("neg", (parts[-1],))

    def add(self, parts: list[Any]) -> Node:
        return _op("+", (parts[0], parts[-1]))

    def sub(self, parts: list[Any]) -> Node:
        return _op("-", (parts[0], parts[-1]))

    def mul(self, parts: list[Any]) -> Node:
        return _op("*", (parts[0], parts[-1]))

    def div(self, parts: list[Any]) -> Node:
        return _op("/", (parts[0], parts[-1]))


PARSER = Lark(GRAMMAR, parser="lalr", transformer=_Build())


def _place(token: Token) -> int:
    return (token.start_pos or 0) + 1


def parse(text: str) -> Node:
    """The formula as a tree; BadFormula says what is wrong and where. Cost: linear in the text."""
    if len(text) > LONGEST:
        raise BadFormula("formula_too_long")
    if not text.strip():
        raise BadFormula("formula_empty")
    try:
        return _parsed(text)
    except VisitError as error:
        raise error.orig_exc from error


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> Node:
    try:
        found: Node = PARSER.parse(text)  # type: ignore[assignment]
    except UnexpectedCharacters as error:
        raise _not_read(text, error.pos_in_stream or 0) from error
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise BadFormula("formula_ends", len(text) + 1) from error
        raise BadFormula("formula_unexpected", _place(error.token), error.token) from error
    except UnexpectedInput as error:
        raise BadFormula("formula_unexpected", 1, text[:SHOWN]) from error
    return found


def _not_read(text: str, place: int) -> BadFormula:
    """What cannot stand in a formula: where a name goes on by what is none, that is the fault."""
    number, name = NUMBER_LIKE.match(text, place), NAME_LIKE.match(text, place)
    if number:
        return BadFormula("formula_number", place + 1, number[0])
    if text[place] == "[" and NO_CLOSE.match(text, place + 1):
        return BadFormula("formula_open_bracket", place + 1, "[")
    if name and name.end() < len(text):
        place = name.end()
    return BadFormula("formula_unexpected", place + 1, text[place])


def refs(node: Node) -> Iterator[Ref]:
    """Every metric that the formula names, from left to right, repeated ones too."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Ref):
            yield part
        elif isinstance(part, Op):
            waiting.extend(reversed(part.args))


def renamed(node: Node, keys: Mapping[str, str]) -> Node:
    """The same formula with every metric by its key; `keys` maps what was written to keys."""
    if isinstance(node, Ref):
        return Ref(keys[node.name])
    if isinstance(node, Op):
        return Op(node.name, tuple(renamed(part, keys) for part in node.args))
    return node


BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3}


def text_of(node: Node, name: Callable[[str], str] = str) -> str:
    """The formula as text with no more brackets than needed; `name` words a metric's key."""
    if isinstance(node, Number):
        return format(node.value, "f")
    if isinstance(node, Ref):
        return name(node.name)
    if node.name == "neg":
        return f"-{_inner(node.args[0], BINDS['neg'], name)}"
    if node.name in BINDS:
        left, right = node.args
        binds = BINDS[node.name]
        return f"{_inner(left, binds, name)} {node.name} {_inner(right, binds + 1, name)}"
    return f"{node.name}({', '.join(text_of(part, name) for part in node.args)})"


def _inner(node: Node, least: int, name: Callable[[str], str]) -> str:
    """A part in brackets where it binds less than what stands around it."""
    text = text_of(node, name)
    weak = isinstance(node, Op) and BINDS.get(node.name, least) < least
    return f"({text})" if weak else text


def divides(node: Node) -> bool:
    """Whether a division is part of the formula: its value then has no last digit."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Op):
            if part.name == "/":
                return True
            waiting.extend(part.args)
    return False
