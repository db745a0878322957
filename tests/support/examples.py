"""Property tests: the same examples each time; with MOPS_EXPLORE=N others, N times as many."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("MOPS_EXPLORE", "0"))

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=100 * (TIMES or 1), deadline=None)
settings.load_profile("explore" if TIMES else "same")


def examples(number: int) -> settings:
    """So many examples, all within one test's database and folder."""
    return settings(
        max_examples=number * (TIMES or 1), deadline=None, suppress_health_check=list(HealthCheck)
    )
