"""Real series, where the folder beside the repository holds them: told, and gate nothing."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np

from benchmarks.forecasting.cases import HORIZONS, LENGTHS, Case, case_of
from benchmarks.forecasting.series import SEED, Values
from goals.rules.forecasting import Timeline
from metrics.rules.periods import Grain

DATA = Path(__file__).parents[3] / "shared" / "data"
LETTERS = ("stats.total_clicks", "stats.total_opens", "stats.unsubs", "send_count")
CAMPAIGNS = ("clicks", "displays", "cost", "post_click_conversions")
MONTHS = {"April": 4, "May": 5, "June": 6}
TRIES = {Grain.DAY: 4, Grain.WEEK: 6, Grain.MONTH: 3}


def cases() -> Iterator[Case]:
    """Cases of the newsletter by week and month, and of the campaigns by day."""
    for number, (grain, values) in enumerate([*_letters(), *_campaigns()]):
        random = np.random.default_rng([SEED, number, 2])
        if len(values) < LENGTHS[grain][0] + HORIZONS[grain][0]:
            continue
        for attempt in range(TRIES[grain]):
            yield case_of(f"real-{number}-{attempt}", "real", grain, values, random)


def _letters() -> Iterator[tuple[Grain, Values]]:
    path = DATA / "data_is_plural" / "messages.csv"
    rows = list(csv.DictReader(path.open())) if path.exists() else []
    for name in LETTERS if rows else ():
        days = {}
        for row in rows:
            day = date.fromisoformat(row["sent_at_date"])
            days[day] = days.get(day, 0) + float(row[name])
        line = _line(days)
        for grain in (Grain.WEEK, Grain.MONTH):
            yield grain, np.nan_to_num(line.history(grain).values)


def _campaigns() -> Iterator[tuple[Grain, Values]]:
    path = DATA / "online_ads" / "online_advertising_performance_data.csv"
    rows = list(csv.DictReader(path.open())) if path.exists() else []
    rows.sort(key=lambda row: row["campaign_number"])
    for _campaign, group in groupby(rows, key=lambda row: row["campaign_number"]):
        members = list(group)
        for name in CAMPAIGNS:
            days = {}
            for row in members:
                day = date(2020, MONTHS[row["month"]], int(row["day"]))
                days[day] = days.get(day, 0) + float(row[name])
            yield Grain.DAY, np.nan_to_num(_line(days).values)


def _line(days: dict[date, float]) -> Timeline:
    first, last = min(days), max(days)
    size = (last - first).days + 1
    return Timeline(first, np.array([days.get(first + timedelta(n), np.nan) for n in range(size)]))
