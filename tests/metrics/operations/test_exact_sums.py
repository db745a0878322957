"""Totals stay exact where SQLite's own integers end."""

from datetime import date

import pytest
from django.db import connection

from metrics.models.rollups import Rollup
from metrics.operations.exact_sums import total_of

D = date(2026, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "totals",
    [
        [],
        [0, -1, 1, -(2**32), 2**32 - 1],
        [10**17 - 1] * 99,
        [2**63 - 1, 1, -(2**63), -7],
        [10**30, -(10**18), 10**18 - 1, -(10**30)],
    ],
)
def test_sums_are_exact_beyond_sixty_four_bits(totals):
    rows = [
        Rollup(grain=2, series_id=n, bucket=D, n=1, total=total, vmin=0, vmax=0, last_day=D,
               last_value=0)
        for n, total in enumerate(totals)
    ]  # fmt: skip
    Rollup.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {total_of('total')} FROM metrics_rollup")
        assert int(cursor.fetchone()[0] or 0) == sum(totals)
