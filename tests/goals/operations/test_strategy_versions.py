"""Publishing, signing and starting a strategy; links; decisions."""

from datetime import date, timedelta

import pytest

from goals.models import SignOff, Strategy, StrategyShare, StrategyVersion
from goals.operations.strategy import Period, change_period, close_strategy
from goals.operations.strategy_decisions import DecisionDraft, close_decision, log_decision
from goals.operations.strategy_shares import TOKENS, revoke_share
from goals.operations.strategy_versions import Word, sign_version, start_strategy
from goals.queries.strategy_shares import share_by_hash, version_behind
from goals.queries.strategy_versions import changes_between, latest_version, signatures_on
from goals.rules.strategy import Step
from tests.make.goals import every_day, make_goal, measured
from tests.make.strategies import make_strategy, publish, share, take_part, write
from tests.make.workspaces import make_stakeholder
from workspaces.models import Notification
from workspaces.models.events import Event
from workspaces.queries.events import sentence_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
YES, NO = Word(agreed=True), Word(agreed=False, words="Too much")


@pytest.fixture
def plan(acme):
    made = make_strategy(acme)
    return write(made, Step.OUTCOMES, newcomer=("Sales", "120 leads"))


def plan_stakeholder(plan):
    return make_stakeholder(plan.workspace, "Partners")


def test_a_version_stays_as_it_was_when_the_draft_goes_on(plan, acme):
    goal = make_goal(measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 1)))
    write(plan, Step.GOALS, lines=[(goal, None)])
    first = publish(plan, "The first")
    take_part(plan, changes={goal.pk: "Two letters a week"})
    assert StrategyVersion.objects.get().read == first.read
    assert first.read.goals[0].change == ""
    second = publish(plan, "What it changes")
    assert (second.number, second.read.goals[0].change) == (2, "Two letters a week")
    (change,) = changes_between(plan, first, second)
    assert (change.step, change.name, change.field) == ("goals", "More clicks", "change")
    assert changes_between(plan, second, None) == []


def test_growth_is_published_as_what_is_promised_and_not_as_an_amount(plan, acme, ed, client_of):
    leads = measured(acme, "leads", every_day("2025-01-01", "2026-03-01", 10))
    goal = make_goal(leads, "Leads", basis="yoy", percent="40")
    write(plan, Step.GOALS, lines=[(goal, None)])
    (line,) = publish(plan, "The first").read.goals
    assert (line.percent, line.target, line.baseline) == ("40", "", "")
    page = client_of(ed).get(f"/w/acme/strategy/{plan.pk}/").content.decode()
    assert "<b>+40" in page
    assert "5,110" not in page


def test_members_are_told_of_a_version_but_not_who_published_it(plan, ed, vi):
    publish(plan, "The first")
    told = Notification.objects.filter(verb="strategy.published")
    assert {one.member for one in told} == {ed, vi}
    assert sentence_of(told[0]) == "Olga published version 1 of “Plan 2026”: The first"
    assert told[0].link == f"/w/acme/strategy/{plan.pk}/"


def test_the_same_document_is_not_published_twice(plan):
    publish(plan)
    with pytest.raises(Refused) as refusal:
        publish(plan)
    assert refusal.value.code == "unchanged"


def test_publishing_what_somebody_changed_meanwhile_is_stale(plan, olga, noon):
    with pytest.raises(Stale):
        change_period(plan, period=Period("B", plan.start, plan.end), version=9, by=olga, at=noon)


def test_members_and_stakeholders_sign_and_then_it_starts(plan, ed, mia, noon):
    partners = plan_stakeholder(plan)
    take_part(plan, members=[ed], stakeholders=[partners])
    version = publish(plan)
    row = Strategy.objects.get()
    sign_version(version, who=ed, word=YES, by=ed, at=noon)
    with pytest.raises(Refused) as refusal:
        start_strategy(row, version=row.version, by=mia, at=noon)
    assert "Partners" in refusal.value.message
    assert "Ed" not in refusal.value.message
    sign_version(version, who=partners, word=YES, by=None, at=noon)
    started = start_strategy(row, version=row.version, by=mia, at=noon)
    assert started.started_at == noon
    with pytest.raises(Refused):
        start_strategy(started, version=started.version, by=mia, at=noon)


def test_an_objection_needs_words_and_holds_the_start(plan, ed, mia, noon):
    take_part(plan, members=[ed])
    version = publish(plan)
    with pytest.raises(Refused) as refusal:
        sign_version(version, who=ed, word=Word(agreed=False), by=ed, at=noon)
    assert refusal.value.field == "words"
    sign_version(version, who=ed, word=NO, by=ed, at=noon)
    row = Strategy.objects.get()
    with pytest.raises(Refused):
        start_strategy(row, version=row.version, by=mia, at=noon)
    assert Event.objects.latest("id").data["state"] == "objected"


def test_who_did_not_sign_may_sign_later_and_both_words_are_kept(plan, ed, mia, noon):
    take_part(plan, members=[ed])
    version = publish(plan)
    sign_version(version, who=ed, word=NO, by=ed, at=noon)
    with pytest.raises(Refused) as refusal:
        sign_version(version, who=ed, word=NO, by=ed, at=noon)
    assert refusal.value.code == "said"
    sign_version(version, who=ed, word=YES, by=ed, at=noon + timedelta(hours=1))
    (signature,) = signatures_on(plan, version)
    assert signature.agreed
    assert [one.words for one in signature.earlier] == [NO.words]
    row = Strategy.objects.get()
    assert start_strategy(row, version=row.version, by=mia, at=noon).started_at == noon


def test_a_signature_may_be_taken_back_until_the_start(plan, ed, mia, noon):
    take_part(plan, members=[ed])
    version = publish(plan)
    sign_version(version, who=ed, word=YES, by=ed, at=noon)
    sign_version(version, who=ed, word=NO, by=ed, at=noon)
    assert Event.objects.latest("id").data["state"] == "withdrawn"
    row = Strategy.objects.get()
    with pytest.raises(Refused):
        start_strategy(row, version=row.version, by=mia, at=noon)
    sign_version(version, who=ed, word=YES, by=ed, at=noon)
    start_strategy(row, version=row.version, by=mia, at=noon)
    with pytest.raises(Refused) as refusal:
        sign_version(version, who=ed, word=NO, by=ed, at=noon)
    assert refusal.value.code == "started"


def test_who_is_asked_as_a_member_and_as_a_stakeholder_signs_for_both(plan, vi, noon):
    board = make_stakeholder(plan.workspace, "The board", member=vi)
    take_part(plan, members=[vi], stakeholders=[board])
    version = publish(plan)
    for _place in range(2):
        sign_version(version, who=vi, word=YES, by=vi, at=noon)
    assert all(one.agreed for one in signatures_on(plan, version))
    with pytest.raises(Refused) as refusal:
        sign_version(version, who=vi, word=YES, by=vi, at=noon)
    assert refusal.value.code == "signed"


def test_a_signature_counts_for_its_version_alone(plan, ed, noon):
    take_part(plan, members=[ed])
    first = publish(plan)
    sign_version(first, who=ed, word=YES, by=ed, at=noon)
    with pytest.raises(Refused):
        sign_version(first, who=ed, word=YES, by=ed, at=noon)
    write(plan, Step.STEPS, words="More")
    second = publish(plan)
    assert [one.agreed for one in signatures_on(plan, second)] == [False]
    with pytest.raises(Refused) as refusal:
        sign_version(first, who=ed, word=YES, by=ed, at=noon)
    assert refusal.value.code == "old_version"


def test_who_is_not_asked_does_not_sign(plan, ed, vi, noon):
    take_part(plan, members=[ed])
    version = publish(plan)
    with pytest.raises(Refused):
        sign_version(version, who=vi, word=YES, by=vi, at=noon)
    assert not SignOff.objects.exists()


def test_a_member_signs_for_the_stakeholder_whom_they_are(plan, vi, noon):
    board = make_stakeholder(plan.workspace, "The board", member=vi)
    take_part(plan, stakeholders=[board])
    made = sign_version(publish(plan), who=vi, word=YES, by=vi, at=noon)
    assert made.name == "The board"


def test_an_unpublished_strategy_does_not_start(plan, mia, noon):
    with pytest.raises(Refused) as refusal:
        start_strategy(plan, version=plan.version, by=mia, at=noon)
    assert refusal.value.code == "unpublished"


def test_L06_a_link_opens_until_its_day_is_over_and_stores_no_secret(plan, noon):
    row, token = share(plan, until=date(2026, 3, 4))
    assert token not in str(StrategyShare.objects.values())
    assert len(token.partition(".")[0]) >= 32
    digest = TOKENS.digest_of(token)
    assert share_by_hash(digest, at=noon) == row
    last_minute = noon.replace(day=4, hour=22, minute=59)  # 23:59 in Warsaw
    assert share_by_hash(digest, at=last_minute) == row
    assert share_by_hash(digest, at=last_minute + timedelta(minutes=1)) is None


def test_L06_a_token_that_was_never_signed_is_not_looked_up(plan):
    _row, token = share(plan)
    assert TOKENS.digest_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert TOKENS.digest_of(token.partition(".")[0]) is None
    assert TOKENS.digest_of("\0é…") is None


def test_L06_a_link_that_is_taken_back_or_put_away_is_dead(plan, olga, noon):
    row, token = share(plan)
    _other, second = share(plan)
    revoke_share(row, by=olga, at=noon)
    revoke_share(row, by=olga, at=noon)
    assert Event.objects.filter(verb="strategy.share_revoked").count() == 1
    assert share_by_hash(TOKENS.digest_of(token), at=noon) is None
    assert share_by_hash(TOKENS.digest_of(second), at=noon) is not None
    close_strategy(plan, version=plan.version, by=olga, at=noon)
    assert share_by_hash(TOKENS.digest_of(second), at=noon) is None


def test_a_link_shows_the_newest_version_or_the_one_it_is_pinned_to(plan):
    first = publish(plan)
    pinned, _token = share(plan, pinned=first)
    newest, _token = share(plan)
    write(plan, Step.STEPS, words="More")
    publish(plan)
    assert version_behind(pinned).number == 1
    assert version_behind(newest) == latest_version(plan)


@pytest.mark.parametrize("until", [date(2026, 3, 1), date(2027, 3, 10), date.max])
def test_a_link_ends_within_a_year(plan, until):
    with pytest.raises(Refused) as refusal:
        share(plan, until=until)
    assert refusal.value.field == "until"


def test_a_link_needs_a_name_and_its_own_strategy(plan, acme, globex):
    with pytest.raises(Refused):
        share(plan, label=" ")
    other = write(make_strategy(acme), Step.OUTCOMES, newcomer=("Legal", "calm"))
    with pytest.raises(Refused):
        share(plan, pinned=publish(other))
    with pytest.raises(Refused):
        share(plan, stakeholder=make_stakeholder(globex))


def test_a_decision_is_written_down_with_its_evidence_and_closed_with_what_came_of_it(
    plan, ed, noon
):
    draft = DecisionDraft(
        "Stop the weekly letter", date(2026, 3, 1), "Nobody reads it", "CTR 0.4 %",
        review_on=date(2026, 6, 1),
    )  # fmt: skip
    made = log_decision(plan, draft=draft, by=ed, at=noon)
    closed = close_decision(made, came_of_it="CTR doubled", version=1, by=ed, at=noon)
    assert (closed.came_of_it, closed.closed_at, closed.version) == ("CTR doubled", noon, 2)
    with pytest.raises(Stale):
        close_decision(made, came_of_it="No", version=1, by=ed, at=noon)
    with pytest.raises(Refused):
        close_decision(made, came_of_it=" ", version=2, by=ed, at=noon)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (DecisionDraft(" ", date(2026, 3, 1)), "title"),
        (DecisionDraft("Tomorrow", date(2026, 3, 3)), "decided_on"),
        (
            DecisionDraft("Back", date(2026, 3, 1), review_on=date(2026, 2, 1)),
            "review_on",
        ),
    ],
)
def test_a_decision_names_what_and_when(plan, ed, noon, draft, field):
    with pytest.raises(Refused) as refusal:
        log_decision(plan, draft=draft, by=ed, at=noon)
    assert refusal.value.field == field
