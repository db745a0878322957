"""Series and sources by what names them: found, or made before any fact is written.

Made inside the transaction of the facts they would block other writers, and deadlock (seen).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.models.imports import MAY_MOVE, STABLE, Source
from metrics.models.observations import Series
from metrics.rules.dims import Dims, canonical, hash_of
from workspaces.models import Workspace
from workspaces.rules.errors import Refused

MOST_SOURCES = 200  # a workspace; the number of a source has two bytes in every fact
MOST_SERIES = 100_000  # of one metric: a dimension with a value per row is no dimension
AT_ONCE = 2_000
SeriesKey = tuple[int, Dims]


class SeriesBook:
    """Remembers, for one run, which series each (metric, dims) is; fill it with `find`."""

    def __init__(self) -> None:
        """Start empty."""
        self._ids: dict[SeriesKey, int] = {}

    def find(self, pairs: Iterable[SeriesKey]) -> None:
        """Look up, or make, the series of these pairs; 1 query for 2,000 known ones."""
        wanted = {pair for pair in pairs if pair not in self._ids}
        by_hash: dict[tuple[int, int], list[SeriesKey]] = {}
        for pair in wanted:
            metric_id, dims = pair
            by_hash.setdefault((metric_id, hash_of(canonical(dims))), []).append(pair)
        found = find_series(sorted(by_hash))
        missing = [key for key in sorted(by_hash) if key not in found]
        if missing:
            _make_series([(key, canonical(by_hash[key][0][1])) for key in missing])
            found |= find_series(missing)
        for key, known_as in by_hash.items():
            self._ids.update(dict.fromkeys(known_as, found[key]))

    def __getitem__(self, pair: SeriesKey) -> int:
        """The id of a series that `find` has looked up."""
        return self._ids[pair]


def find_series(keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The ids of the series with these (metric, hash of dims); a missing one is left out."""
    found: dict[tuple[int, int], int] = {}
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        wanted = set(some)
        rows = Series.objects.filter(
            metric_id__in={metric for metric, _hash in some},
            dims_hash__in={code for _metric, code in some},
        ).values_list("metric_id", "dims_hash", "id")
        found.update(((metric, code), pk) for metric, code, pk in rows if (metric, code) in wanted)
    return found


@transaction.atomic
def _make_series(missing: Sequence[tuple[tuple[int, int], Dims]]) -> None:
    """Make series in the order of their key; somebody else may make the same meanwhile."""
    _hold({key[0] for key, _dims in missing})
    for metric_id, coming in Counter(key[0] for key, _dims in missing).items():
        if Series.objects.filter(metric_id=metric_id).count() + coming > MOST_SERIES:
            raise Refused(
                _("A metric has at most %(most)s combinations of dimension values.")
                % {"most": f"{MOST_SERIES:,}"},
                code="too_many_series",
            )
    rows = [
        Series(metric_id=metric_id, dims_hash=code, dims=dict(dims))
        for (metric_id, code), dims in missing
    ]
    Series.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _hold(metric_ids: Collection[int]) -> None:
    """Keep the metrics from being deleted until their series are there."""
    rows = Metric.objects.filter(pk__in=metric_ids).order_by("pk").values_list("pk", flat=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            lock = "SELECT 1 FROM metrics_metric WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
            cursor.execute(lock, [sorted(metric_ids)])
    if len(rows) != len(metric_ids):
        raise Refused(_("A metric of these observations does not exist."), code="unknown_metric")


def find_source(workspace: Workspace, name: str, *, keys: str) -> Source:
    """The source of that name, made where it is new; keys once sent make it `may_move`."""
    source = Source.objects.filter(workspace=workspace, name=name).first()
    if source is None:
        source = _make_source(workspace, name, keys)
    if keys == MAY_MOVE and source.keys == STABLE:
        Source.objects.filter(pk=source.pk).update(keys=MAY_MOVE)
        source.keys = MAY_MOVE
    return source


@transaction.atomic
def _make_source(workspace: Workspace, name: str, keys: str) -> Source:
    """Make a source, within the limit of the workspace."""
    if Source.objects.filter(workspace=workspace).count() >= MOST_SOURCES:
        raise Refused(
            _("A workspace has at most %(most)s sources.") % {"most": MOST_SOURCES},
            code="too_many_sources",
            field="source",
        )
    return Source.objects.get_or_create(workspace=workspace, name=name, defaults={"keys": keys})[0]
