"""What stands on the faces of the demo's cards: labels, priorities, hours, helpers, short talks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from mops.demo_script import Script
from tasks.models import Board, Card, Label, Priority
from tasks.operations.choices import FilterDraft, choose_look, save_filter
from tasks.operations.comments import Said, add_comment
from tasks.operations.labels import add_label
from tasks.rules.filters import NO, YES, Wanted
from workspaces.models import Membership, Workspace

LABELS = {  # the word by which the demo calls it: name, colour
    "content": ("Content", "orange"),
    "mail": ("E-mail ops", "teal"),
    "web": ("Web", "yellow"),
    "research": ("Research", "violet"),
    "sales": ("Sales", "green"),
    "ads": ("Ads", "pink"),
    "event": ("Event", "blue"),
}
LOW, MEDIUM, HIGH, URGENT = Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.URGENT


@dataclass(frozen=True)
class Face:
    """What a card shows beside its title; labels are words of LABELS, helpers of the cast."""

    labels: str
    priority: int = Priority.NONE
    hours: int | None = None
    helpers: tuple[str, ...] = ()


FACES = {
    "Benchmarks for next year": Face("research", LOW, 6),
    "Lead form on the pricing page": Face("web", MEDIUM, 24, ("tess",)),
    "Template for event invitations": Face("content event", LOW, 8),
    "Ask sales which leads convert": Face("sales research", HIGH, 3),
    "Unsubscribe page in five languages": Face("web content", LOW, 16),
    "Map the stages of the buyer journey": Face("research", hours=10),
    "Win-back series for inactive contacts": Face("content mail", HIGH, 30),
    "Subject-line test, round 3": Face("mail", MEDIUM, 3),
    "Lead rotation by region": Face("sales", HIGH, 6, ("manager",)),
    "Redefine the e-mail contact lists": Face("mail", URGENT, 12, ("tess", "manager")),
    "Audit the current e-mail workflows": Face("mail research", HIGH, 8),
    "Next webinar: speaker and date": Face("event", MEDIUM, 5, ("manager",)),
    "Webinar invitation copy": Face("content event", MEDIUM, 3, ("tess",)),
    "Nurture: reply to a person": Face("mail", hours=9),
    "Monthly page for management": Face("research", HIGH, 2),
    "Lead form: two fields instead of six": Face("web", HIGH, 5),
    "Bot-click rule for the newsletter": Face("mail", hours=4),
    "Weekly report to sales": Face("sales", hours=2),
    "Clean-up of hard bounces": Face("mail", MEDIUM, 3),
    "Landing page for competitor terms": Face("web ads", MEDIUM, 20),
    "Retarget webinar visitors": Face("ads event", MEDIUM, 6),
    "Negative keyword list": Face("ads", HIGH, 4),
    "Short videos from the last webinar": Face("content event", LOW, 14),
    "Pause broad terms: decide": Face("ads", HIGH, 1, ("mika",)),
    "Landing page test": Face("web", MEDIUM, 8),
    "Ask for the missing social export": Face("research", URGENT, 1),
    "Ad texts for the brand campaign": Face("content ads", hours=5),
    "Conversion tracking checked": Face("ads web", hours=3),
}
TALKS = (  # title, hours ago, who, what they said
    ("Audit the current e-mail workflows", 74, "editor", "Nobody knows who owns **11 of 24**."),
    ("Audit the current e-mail workflows", 72, "manager", "Then switch them off and see who asks."),
    ("Pause broad terms: decide", 63, "mika", "€38 a lead in spring, €52 now. I would pause them."),
    ("Lead rotation by region", 60, "owner", "Sales want *South* split in two. Rules follow."),
    ("Next webinar: speaker and date", 56, "tess", "Two speakers asked, one said yes."),
    ("Monthly page for management", 53, "manager", "The three sentences are in, numbers tonight."),
    ("Ask for the missing social export", 51, "tess", "Asked again; they promised it for noon."),
)
BY_GOAL = ("manager", "owner", "viewer")  # who look at the ads in swimlanes


def label_all(workspace: Workspace, *, by: Membership, at: datetime) -> Mapping[str, Label]:
    """Make the labels; by the words of LABELS."""
    return {
        word: add_label(workspace, name=name, colour=colour, by=by, at=at)
        for word, (name, colour) in LABELS.items()
    }


def look_on(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """People talk on their cards; some group the ads by goal; two filters are everybody's."""
    near = Card.objects.select_related("board", "workspace")

    def say(who: str, title: str, text: str, when: datetime) -> None:
        card = near.get(workspace=workspace, title=title)
        add_comment(card, said=Said(text), by=people[who], at=when)

    def arrange(when: datetime) -> None:
        mails, ads = (
            Board.objects.get(workspace=workspace, name=name)
            for name in ("E-mail programme", "Ads and social")
        )
        for who in BY_GOAL:
            choose_look(ads, lanes="goal", by=people[who])
        wanted = (
            ("Mine and open", Wanted(assignee=("me",), done=NO)),
            ("Held up", Wanted(blocked=YES)),
        )
        for name, what in wanted:
            draft = FilterDraft(name, what, shared=True)
            save_filter(mails, draft=draft, by=people["manager"], at=when)

    for title, hours, who, text in TALKS:
        script.at(at - timedelta(hours=hours), partial(say, who, title, text))
    script.at(at - timedelta(hours=47), arrange)
