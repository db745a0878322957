"""Readings sent over REST, as a program outside would send them."""

from datetime import date, timedelta

from tests.support.processes import Answer, Web
from tests.support.stack import API

FIRST = date(2024, 1, 1)
CLICKS = {
    "key": "clicks", "name": "Clicks", "kind": "additive", "unit": "count", "decimals": 0,
    "direction": "up",
}  # fmt: skip


def define_clicks(web: Web, key: str = "clicks") -> None:
    answer = web.ask(f"{API}/metrics/", json_body=CLICKS | {"key": key})
    assert answer.status == 201, answer.body


def readings(
    *, days: int, campaigns: int = 1, value: int = 1, first: date = FIRST, metric: str = "clicks"
) -> list[dict]:
    """One reading for each day and campaign; its key makes sending it again change nothing."""
    return [
        {
            "metric": metric,
            "day": (first + timedelta(days=day)).isoformat(),
            "value": str(value),
            "dims": {"campaign": f"c{campaign:03}"},
            "source": "test",
            "key": f"{day}-{campaign}",
        }
        for day in range(days)
        for campaign in range(campaigns)
    ]


def send(web: Web, rows: list[dict]) -> Answer:
    """Send up to a thousand readings."""
    return web.ask(f"{API}/observations/", json_body=rows)


def send_all(web: Web, rows: list[dict]) -> None:
    """Send any number, a thousand at a time; each has to be taken."""
    for start in range(0, len(rows), 1000):
        answer = send(web, rows[start : start + 1000])
        assert answer.status == 200, answer.body


def series(web: Web, metric: str = "clicks", *, grain: str = "month") -> dict:
    answer = web.ask(f"{API}/metrics/{metric}/series/?grain={grain}")
    assert answer.status == 200, answer.body
    return answer.body


def total(web: Web, metric: str = "clicks") -> str:
    return series(web, metric, grain="year")["total"]["value"]


def is_rolled_up(web: Web, metric: str = "clicks") -> bool:
    return not series(web, metric)["pending"]
