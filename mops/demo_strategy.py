"""The demo team's strategy: written, commented, published twice, signed and started."""

from datetime import datetime, timedelta
from functools import partial

from goals.models import Strategy
from goals.operations.feedback import Answers, Suggestion, decide_feedback, give_feedback
from goals.operations.strategy import (
    Participation,
    Period,
    StepDraft,
    begin_strategy,
    save_step,
)
from goals.operations.strategy_decisions import DecisionDraft, close_decision, log_decision
from goals.operations.strategy_versions import (
    Word,
    publish_strategy,
    sign_version,
    start_strategy,
)
from goals.queries.feedback import feedback_on
from goals.queries.strategy_versions import latest_version
from goals.rules.strategy import Disposition, Step
from metrics.models import Metric
from mops.demo_goals import goals_by_key
from mops.demo_script import Script
from workspaces.models import Membership, Stakeholder, Workspace

TITLE = "E-mail that sales can work with"
SERVED = {
    "Sales": "130 leads a month that answer the phone, none older than two working days.",
    "Management": "One page a month: goal, number, money, next step.",
    "E-mail team": "No mail without two weeks' notice; unsubscribes below 0.3 %.",
}
SHOWN = {
    "email_leads": "Leads are what sales receives; everything before them is a means.",
    "email_ctr": "Tells whether the lists hold people who asked for the mails.",
    "qualified_leads": "The number that sales and marketing both count by the same rule.",
}
CHANGED = {
    "leads": "Sales gets leads sorted by region each morning; reply to each within two days.",
    "ctr": "Writers test one subject line a week. No more mail to the whole list.",
    "sales": "A lead that sales sends back comes with a reason, and we read it on Mondays.",
}
QUESTIONS = (
    "What is missing?",
    "Which expectation is not reasonable, and why?",
    "What would make your part of it easier?",
)
SAID = (
    ("editor", False, "leads", "Two days to reply is tight when the trade fair is on."),
    ("tess", True, "ctr", "One test a week is too much beside the webinars."),
    ("viewer", False, None, "Where can I see which leads came back?"),
)
ANSWERED = (
    (Disposition.ACCEPTED, "During fairs it is three days: the promise to sales says so now."),
    (Disposition.DEFERRED, "We look at it again when the win-back series is out."),
    (Disposition.ACCEPTED, "They stand on the lead page since Monday."),
)
MORE = "Could the ads team see the list of segments, too?"


class Team:
    """The people of the demo at work on their strategy; each deed happens at an instant."""

    def __init__(self, workspace: Workspace, people: dict[str, Membership]) -> None:
        """Know who works where."""
        self.workspace, self.people = workspace, people
        self.lead = people["manager"]

    @property
    def plan(self) -> Strategy:
        """The strategy as it stands."""
        return Strategy.objects.select_related("workspace").get(
            workspace=self.workspace, title=TITLE
        )

    def begin(self, at: datetime) -> None:
        """The title and the six steps, from the register, the catalogue and the goals."""
        goals, today = goals_by_key(self.workspace), self.workspace.day_of(at)
        first, last = goals["leads"].start, max(goals["leads"].end, today)
        period = Period(TITLE, first, last)
        begin_strategy(self.workspace, period=period, by=self.lead, at=at)
        served = {s.name: s for s in Stakeholder.objects.filter(workspace=self.workspace)}
        shown = {m.key: m for m in Metric.objects.filter(workspace=self.workspace)}
        self.save(
            Step.OUTCOMES, at, "Sales trusts our leads, and the team knows what comes next.",
            lines=[(served[name], words) for name, words in SERVED.items()],
        )  # fmt: skip
        self.save(Step.METRICS, at, "", lines=[(shown[key], words) for key, words in SHOWN.items()])
        self.save(Step.GOALS, at, "", lines=[(goals[key], None) for key in CHANGED])
        self.save(Step.STEPS, at, "One step a quarter. The win-back series comes first.")
        self.take_part(at, until=today + timedelta(days=90))

    def take_part(self, at: datetime, *, until) -> None:
        """What is asked, what changes, who signs."""
        goals = goals_by_key(self.workspace)
        sales = Stakeholder.objects.get(workspace=self.workspace, name="Sales")
        terms = Participation(
            questions=QUESTIONS,
            until=until,
            anonymous=True,
            members=[self.people["owner"]],
            stakeholders=[sales],
            changes={goals[key].pk: words for key, words in CHANGED.items()},
        )
        self.save(Step.PARTICIPATION, at, "Say what you think before we start.", terms=terms)

    def save(self, step: Step, at: datetime, words: str, *, lines=None, terms=None) -> None:
        """Save one step on what stands."""
        plan = self.plan
        draft = StepDraft(words=words, lines=lines, participation=terms)
        save_step(plan, step=step, draft=draft, version=plan.version, by=self.lead, at=at)

    def publish(self, at: datetime, *, note: str) -> None:
        """Freeze what stands."""
        plan = self.plan
        publish_strategy(plan, note=note, version=plan.version, by=self.lead, at=at)

    def give(self, at: datetime) -> None:
        """Three colleagues answer, one of them without a name."""
        goals, version = goals_by_key(self.workspace), latest_version(self.plan)
        for who, hidden, key, text in SAID:
            goal = goals[key] if key else None
            about = goal.title if goal else QUESTIONS[0]
            step = Step.GOALS.value if goal else ""
            said = Suggestion(text, step=step, goal=goal, about=about)
            answers = Answers([said], member=self.people[who], anonymous=hidden)
            give_feedback(version, answers=answers, at=at)

    def answer(self, at: datetime) -> None:
        """Each suggestion is answered with a reason."""
        items = feedback_on(self.plan).order_by("pk")
        for item, (disposition, reason) in zip(items, ANSWERED, strict=True):
            decide_feedback(
                item, disposition=disposition, reason=reason, revision=1, by=self.lead, at=at
            )

    def publish_again(self, at: datetime) -> None:
        """What colleagues said comes into the second version."""
        words = "Two hours on Mondays for what sales sends back; three days to reply during fairs."
        self.save(Step.ASSIGNMENTS, at, words)
        self.publish(at, note="Three days during fairs, as sales asked")

    def sign_and_start(self, at: datetime) -> None:
        """The owner and sales sign; the work begins."""
        version, owner = latest_version(self.plan), self.people["owner"]
        sales = Stakeholder.objects.get(workspace=self.workspace, name="Sales")
        yes = Word(agreed=True)
        sign_version(version, who=owner, word=yes, by=owner, at=at)
        sign_version(version, who=sales, word=yes, by=None, at=at)
        plan = self.plan
        start_strategy(plan, version=plan.version, by=self.lead, at=at)

    def decide(self, at: datetime) -> None:
        """A decision with the number that it rests on."""
        draft = DecisionDraft(
            "No more mail to the whole list",
            self.workspace.day_of(at),
            why="Half of the unsubscribes come from four mails to everybody.",
            evidence="Unsubscribe rate of those four: 0.6 %, of all others 0.2 %.",
            goal=goals_by_key(self.workspace)["ctr"],
        )
        log_decision(self.plan, draft=draft, by=self.lead, at=at)

    def look_again(self, at: datetime) -> None:
        """What came of it, and the next question."""
        first = self.plan.decisions.get()
        words = "Unsubscribes fell by a third; clicks stayed."
        close_decision(first, came_of_it=words, version=1, by=self.lead, at=at)
        today = self.workspace.day_of(at)
        draft = DecisionDraft(
            "Webinar invitations go to customers first",
            today,
            why="They sign up twice as often.",
            review_on=today + timedelta(days=30),
        )
        log_decision(self.plan, draft=draft, by=self.lead, at=at)

    def say_more(self, at: datetime) -> None:
        """A suggestion on the second version that waits for an answer."""
        answers = Answers([Suggestion(MORE, about=QUESTIONS[0])], member=self.people["mika"])
        give_feedback(latest_version(self.plan), answers=answers, at=at)


def write_strategy(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """Seven weeks of a strategy, from the first words to work by the second version; once."""
    if Strategy.objects.filter(workspace=workspace).exists():
        return
    team = Team(workspace, people)
    deeds = (
        (48, team.begin),
        (46, partial(team.publish, note="To be commented")),
        (44, team.give),
        (41, team.answer),
        (40, team.publish_again),
        (38, team.sign_and_start),
        (33, team.decide),
        (9, team.look_again),
        (4, team.say_more),
    )
    for days, deed in deeds:
        script.at(at - timedelta(days=days), deed)
