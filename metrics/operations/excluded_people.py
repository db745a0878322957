"""The facts of one person, by the id that the files know it by: their own, and of their rows.

A fact of a count or an amount keeps no person. It came in one row with a person where the same
source told both under one key, for the same day and dimensions: so it is with the rows of a file
whose mapping names the person beside the value.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from metrics.models.definitions import SKETCH, UNIQUE, Metric
from metrics.models.observations import Observation, ObservationHistory, Series
from metrics.models.quality import ExcludedFact
from metrics.operations.recipients import find_recipients
from metrics.rules.uniques import PERSON, hash_recipient

EXCLUDED = "excluded"
PLACE = ("series_id", "day", "khash")
Numbers = Mapping[int, int]  # by metric that counts people: what stands for the person there


def facts_of_person(metric: Metric, person: str) -> Q:
    """What chooses the facts of the metric that are about a person; 2 queries, of the number."""
    numbers = _numbers(metric.workspace_id, person)
    if metric.kind != UNIQUE:
        return _beside(numbers)
    return Q(span=PERSON, value=numbers[metric.pk]) if metric.pk in numbers else Q(khash__in=[])


def was_counted(metric: Metric, person: str) -> bool:
    """Whether a metric of the same workspace has counted the person, left out since or not."""
    numbers = _numbers(metric.workspace_id, person)
    return _people(numbers).exists() or _left_out(numbers).exists()


def _numbers(workspace_id: int, person: str) -> Numbers:
    known = find_recipients(workspace_id, [person]).get(person)
    counts = Metric.objects.filter(workspace_id=workspace_id, kind=UNIQUE).order_by("pk")
    hashed = hash_recipient(workspace_id, person)
    found = {
        pk: hashed if counting == SKETCH else known
        for pk, counting in counts.values_list("pk", "counting")
    }
    return {pk: number for pk, number in found.items() if number is not None}


def _beside(numbers: Numbers) -> Q:
    """Facts in one row with a fact about the person, that counts or was left out."""
    if not numbers:
        return Q(khash__in=[])
    people, gone = _people(numbers), _left_out(numbers)
    row = {name: OuterRef(name) for name in ("source", "day", "khash")}
    alike = _series(numbers).filter(dims_hash=OuterRef(OuterRef("series__dims_hash")))
    counts, counted = (Exists(rows.filter(**row, series_id__in=alike)) for rows in (people, gone))
    # The keys alone are looked up at once, so that few rows are compared one by one.
    return Q(khash__in=people.values("khash").union(gone.values("khash"))) & (counts | counted)


def _people(numbers: Numbers) -> QuerySet[Observation]:
    """Facts that say the person was there."""
    return Observation.objects.filter(_said(numbers), span=PERSON).order_by()


def _left_out(numbers: Numbers) -> QuerySet[ObservationHistory]:
    """The same of what an exclusion has taken out, where nothing came in its place."""
    place = {name: OuterRef(name) for name in PLACE}
    noted = ExcludedFact.objects.filter(**place, run_id=OuterRef("replaced_by"))
    stands = Observation.objects.filter(**place)
    rows = ObservationHistory.objects.filter(_said(numbers), span=PERSON, reason=EXCLUDED)
    return rows.filter(Exists(noted), ~Exists(stands)).order_by()


def _said(numbers: Numbers) -> Q:
    """That the value stands for the person in the metric of its series."""
    found = Q(pk__in=[])
    for number in sorted(set(numbers.values())):
        of = [pk for pk, own in numbers.items() if own == number]
        found |= Q(value=number, series_id__in=_series(of))
    return found


def _series(metric_ids: Iterable[int]) -> QuerySet[Series, int]:
    rows = Series.objects.filter(metric_id__in=list(metric_ids))
    return rows.order_by().values_list("pk", flat=True)
