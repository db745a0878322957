"""What goes with a metric that is deleted, and what would miss it: told before it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models.alerts import AlertRule
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.models.definitions import Metric
from metrics.models.quality import Exclusion
from metrics.queries.saved_views import views_of
from workspaces.models import Membership

MOST_NAMED = 5


@dataclass(frozen=True)
class Uses:
    """Names of alerts, and how many of the rest go with a metric; `views` show it, and stay.

    Of the views those are named that the member sees.
    """

    alerts: list[str]
    views: list[str]
    targets: int
    benchmarks: int
    notes: int
    exclusions: int

    @property
    def sentence(self) -> str:
        """What goes with it and what would show it no more; empty where there is nothing."""
        alerts = _("alerts (%(names)s)") % {"names": _named(self.alerts)} if self.alerts else ""
        counted = [
            alerts,
            _counted(self.targets, ngettext("%(n)s target", "%(n)s targets", self.targets)),
            _counted(
                self.benchmarks, ngettext("%(n)s benchmark", "%(n)s benchmarks", self.benchmarks)
            ),
            _counted(self.notes, ngettext("%(n)s note", "%(n)s notes", self.notes)),
            _counted(
                self.exclusions, ngettext("%(n)s exclusion", "%(n)s exclusions", self.exclusions)
            ),
        ]
        gone = ", ".join(filter(None, counted))
        said = [_("With it go: %(gone)s.") % {"gone": gone}] if gone else []
        if self.views:
            message = _("Views that show it will lack it: %(names)s.")
            said.append(message % {"names": _named(self.views)})
        return " ".join(said)


def _counted(count: int, words: str) -> str:
    return words % {"n": count} if count else ""


def _named(names: list[str]) -> str:
    told = ", ".join(_("“%(name)s”") % {"name": name} for name in names[:MOST_NAMED])
    return f"{told}, …" if len(names) > MOST_NAMED else told


def uses_of(metric: Metric, *, member: Membership) -> Uses:
    """What hangs on the metric beside goals and formulas, which keep it; 6 queries."""
    rules = AlertRule.objects.filter(metric=metric, retired_at=None).order_by("name", "pk")
    views = views_of(member)
    return Uses(
        alerts=list(rules.values_list("name", flat=True)),
        views=[view.name for view in views if metric.key in view.question.get("metrics", [])],
        targets=MetricTarget.objects.filter(metric=metric).count(),
        benchmarks=Benchmark.objects.filter(metric=metric).count(),
        notes=Annotation.objects.filter(metric=metric).count(),
        exclusions=Exclusion.objects.filter(metric=metric, revoked_at=None).count(),
    )
