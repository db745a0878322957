"""Columns that hold rates: they do not add up; their counts do."""

from collections.abc import Sequence

from metrics.rules.presets.preset import plain

_COUNTS = {
    ("ctr", "click-through rate", "clickthrough rate", "link ctr", "klickrate"): (
        "clicks", "impressions",
    ),
    ("open rate", "unique open rate", "öffnungsrate"): ("unique opens", "deliveries"),
    ("click rate", "unique click rate"): ("unique clicks", "deliveries"),
    ("conv. rate", "conversion rate", "goal conversion rate", "ecommerce conversion rate"): (
        "conversions", "clicks",
    ),
    ("interaction rate",): ("interactions", "impressions"),
    ("engagement rate",): ("engaged sessions", "sessions"),
    ("bounce rate",): ("bounces", "sessions"),
    ("user key event rate", "session key event rate"): ("key events", "sessions"),
    ("avg. cpc", "cpc", "average cpc"): ("cost", "clicks"),
    ("avg. cpm", "cpm", "average cpm"): ("cost", "impressions"),
    ("avg. cost",): ("cost", "interactions"),
    ("cost / conv.", "cost per conversion", "cost per result", "cpa"): ("cost", "conversions"),
    ("conv. value / cost", "roas", "purchase roas (return on ad spend)"): (
        "conversion value", "cost",
    ),
    ("frequency",): ("impressions", "reach"),
}  # fmt: skip
COUNTS = {name: counts for names, counts in _COUNTS.items() for name in names}


def counts_of(column: str) -> tuple[str, ...]:
    """What to import in the place of a column that is known to be a rate; nothing for others."""
    return COUNTS.get(plain(column), ())


def all_percent(texts: Sequence[str]) -> bool:
    """Whether every text of a column is a percentage."""
    return bool(texts) and all(text.endswith("%") for text in texts)
