"""`python -m benchmarks.forecasting`: the open half alone, for whoever changes a model."""

from benchmarks.forecasting.cases import cases_of
from benchmarks.forecasting.scores import scored
from benchmarks.forecasting.series import KINDS, made, open_numbers
from benchmarks.forecasting.table import TITLES, gates, pooled, rows

FOUND = scored((case for one in made(open_numbers()) for case in cases_of(one)), library=False)

print(TITLES)
print(rows("pooled", pooled(FOUND)))
for kind in KINDS:
    print(rows(str(kind), [one for one in FOUND if one.case.kind is kind]))
for goal in gates(FOUND):
    print(f"{goal.what:50} {goal.measured:>10} {goal.limit:>10} {goal.verdict}")
