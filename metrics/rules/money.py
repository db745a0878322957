"""Signs of money and the currencies that each may stand for, and what becomes of it in formulas."""

from collections.abc import Collection, Iterable

from metrics.rules.formula import Node, Number, Op, Ref

SIGNS = {
    "€": ("EUR",), "£": ("GBP",), "zł": ("PLN",), "₹": ("INR",), "₺": ("TRY",), "₩": ("KRW",),
    "₽": ("RUB",), "₪": ("ILS",), "₫": ("VND",), "฿": ("THB",), "₴": ("UAH",), "R$": ("BRL",),
    "US$": ("USD",), "¥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK", "ISK"),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"),
}  # fmt: skip
LONGEST_FIRST = sorted(SIGNS, key=len, reverse=True)


def is_code(text: str) -> bool:
    """Whether a text has the form of a currency's code."""
    return len(text) == len("EUR") and text.isascii() and text.isalpha() and text.isupper()


def currencies_of(sign: str) -> tuple[str, ...]:
    """What a sign beside a number may mean, the likeliest first; nothing for `pcs`."""
    plain = sign.strip()
    return SIGNS.get(plain, (plain,) if is_code(plain) else ())


def sign_in(text: str) -> str:
    """The sign of money that stands before or behind an amount, or nothing."""
    plain = text.strip().lstrip("-+\u2212").lstrip()
    return next((s for s in LONGEST_FIRST if plain.startswith(s) or plain.endswith(s)), "")


def one_money(signs: Iterable[str], currency: str = "") -> bool:
    """Whether all the signs may mean the same currency, or the one that is named."""
    left: Collection[str] | None = (currency,) if currency else None
    for sign in signs:
        known = currencies_of(sign)
        if known:
            left = known if left is None else [code for code in left if code in known]
    return left is None or bool(left)


def other_key(key: str, currency: str) -> str:
    """A key for the same metric in another currency: google_ads_cost_usd."""
    return f"{key[:59]}_{currency.lower() or 'new'}"


def is_plain_ratio(node: Node, money: Collection[str]) -> bool:
    """Whether a formula divides money by money, so that what comes out is none; `money` are keys.

    Where parts of unlike kind are added up it cannot be told: then not.
    """
    return any(ref in money for ref in _names(node)) and _power(node, money) == 0


def _names(node: Node) -> Iterable[str]:
    if isinstance(node, Ref):
        yield node.name
    elif isinstance(node, Op):
        for part in node.args:
            yield from _names(part)


def _power(node: Node, money: Collection[str]) -> int | None:
    """How often money is a factor: 1 for money, 0 for a plain number; None: not the same for all.

    A formula is at most 200 levels deep.
    """
    if isinstance(node, Number):
        return 0
    if isinstance(node, Ref):
        return int(node.name in money)
    below = [_power(part, money) for part in node.args]
    if node.name in {"*", "/"}:
        left, right = below
        if left is None or right is None:
            return None
        return left + right if node.name == "*" else left - right
    return below[0] if len(set(below)) == 1 else None
