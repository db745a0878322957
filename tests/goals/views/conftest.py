"""Every page here is read at noon, on one metric with data."""

import pytest
import time_machine

from tests.make.goals import every_day, measured


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    values = every_day("2025-01-01", "2025-12-31", 10) | every_day("2026-01-01", "2026-03-01", 12)
    return measured(acme, "clicks", values)
