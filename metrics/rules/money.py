"""Signs of money, and the currencies that each may stand for."""

from collections.abc import Collection, Iterable

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
