"""The demo team's reviews: last week's, walked through, and what they optimised."""

from datetime import datetime, timedelta
from functools import partial

from metrics.models import Metric
from mops.demo_script import Script
from reports.models import Review
from reports.operations.optimisations import Draft, begin_optimisation, end_optimisation
from reports.operations.reviews import Look, end_review, look_at, start_review
from reports.queries.optimisations import optimisations_of
from reports.queries.reviews import summary_of
from reports.rules.reviews import Outcome, Rhythm
from workspaces.models import Membership, Workspace

NOTES = (
    ("Brand terms got dearer again.", "Mika pauses the two dearest ad groups until Friday."),
    ("The list shrinks faster than it grows.", "The win-back series goes out a week earlier."),
)
WHOLE = "Less, but earlier: no new campaign before the lists are clean."


def hold(script: Script, workspace: Workspace, people: dict[str, Membership], at: datetime) -> None:
    """One weekly review a week ago, two changes whose effect can be told, and a fresh one."""
    script.at(at - timedelta(days=7), partial(_review, workspace, people["manager"]))
    for days, deed in ((30, _form), (12, _learn), (3, _subject)):
        script.at(at - timedelta(days=days), partial(deed, workspace, people["editor"]))


def _review(workspace: Workspace, lead: Membership, when: datetime) -> Review:
    """The first goals are talked about, the others skipped."""
    review = start_review(workspace, rhythm=Rhythm.WEEKLY, by=lead, at=when)
    for number, item in enumerate(summary_of(review).items):
        look = Look(Outcome.SKIPPED)
        if number < len(NOTES):
            look = Look(Outcome.SEEN, *NOTES[number])
        look_at(item, look=look, version=item.version, by=lead, at=when)
    return end_review(review, notes=WHOLE, version=review.version, by=lead, at=when)


def _form(workspace: Workspace, who: Membership, when: datetime) -> None:
    metric = Metric.objects.get(workspace=workspace, key="email_leads")
    draft = Draft(
        "The form asks for four things instead of nine",
        metric,
        workspace.day_of(when) + timedelta(days=1),
        "More people finish what they began; sales can ask for the rest.",
        days=14,
    )
    begin_optimisation(workspace, draft=draft, by=who, at=when)


def _learn(workspace: Workspace, who: Membership, when: datetime) -> None:
    row = optimisations_of(workspace).filter(ended_at=None)[0]
    learnt = "Shorter is enough: nobody in sales missed the other five."
    end_optimisation(row, learnt=learnt, version=row.version, by=who, at=when)


def _subject(workspace: Workspace, who: Membership, when: datetime) -> None:
    metric = Metric.objects.get(workspace=workspace, key="email_ctr")
    draft = Draft(
        "Subject lines say what is inside",
        metric,
        workspace.day_of(when),
        "Fewer opens, but by people who click.",
    )
    begin_optimisation(workspace, draft=draft, by=who, at=when)
