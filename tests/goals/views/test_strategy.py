"""The six steps as pages: written one by one, published, signed, decided, commented."""

import re
from datetime import date

import pytest
from django.urls import reverse

from goals.models import Decision, FeedbackItem, SignOff, Strategy, StrategyVersion
from goals.operations.feedback import Answers, Suggestion, give_feedback
from goals.operations.strategy import Period
from goals.operations.strategy_decisions import DecisionDraft, log_decision
from goals.queries.catalogue import goals_of
from goals.queries.standing import standings
from goals.rules.strategy import Step
from tasks.models import Card
from tests.goals.views.reading import at, text_of
from tests.make.goals import make_goal
from tests.make.strategies import make_strategy, publish, say, take_part, write
from tests.make.tasks import make_board
from tests.make.workspaces import NOON, make_stakeholder

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(acme):
    return write(make_strategy(acme), Step.OUTCOMES, newcomer=("Sales", "120 leads a month"))


def seen(plan):
    return Strategy.objects.get(pk=plan.pk).version


def step(plan, name):
    return at("strategy_step", pk=plan.pk, step=name)


def test_an_empty_workspace_is_taught_what_belongs_here(acme, ed, vi, client_of):
    page = client_of(ed).get(at("strategies"))
    assert "No strategy yet" in text_of(page)
    assert at("new_strategy") in page.content.decode()
    assert at("new_strategy") not in client_of(vi).get(at("strategies")).content.decode()


def test_a_new_strategy_leads_to_its_first_step(acme, ed, client_of):
    browser = client_of(ed)
    assert browser.get(at("new_strategy")).status_code == 200
    sent = {"title": "Plan", "start": "2026-01-01", "end": "2026-12-31"}
    done = browser.post(at("new_strategy"), sent)
    made = Strategy.objects.get()
    assert done["Location"] == step(made, "outcomes")
    wrong = browser.post(at("new_strategy"), {**sent, "end": "2025-01-01"})
    assert wrong.status_code == 422
    assert "must end on or after" in text_of(wrong)


def test_the_first_step_offers_the_register_and_takes_somebody_new(acme, plan, ed, client_of):
    browser = client_of(ed)
    make_stakeholder(acme, "Board <b>", outcome="One page a month")
    page = browser.get(step(plan, "outcomes")).content.decode()
    assert "Board &lt;b&gt;" in page
    assert "One page a month" in page
    sent = {
        "version": seen(plan), "words": "Trust", "new_name": "Legal", "new_outcome": "Calm",
        "next": "1",
    }  # fmt: skip
    done = browser.post(step(plan, "outcomes"), sent)
    assert done["Location"] == step(plan, "metrics") + "#metrics"
    read = text_of(browser.get(at("strategy", pk=plan.pk)))
    assert "Legal" in read
    assert "Calm" in read


def test_metrics_goals_and_what_they_change_are_chosen_by_ticking(
    acme, plan, ed, clicks, client_of
):
    browser, goal = client_of(ed), make_goal(clicks, owner=ed)
    make_goal(clicks, "First quarter", parent=goal, owner=ed)
    browser.post(
        step(plan, "metrics"),
        {"version": seen(plan), f"pick_{clicks.pk}": "on", f"line_{clicks.pk}": "Interest"},
    )
    browser.post(step(plan, "goals"), {"version": seen(plan), f"pick_{goal.pk}": "on"})
    sent = {
        "version": seen(plan), f"change_{goal.pk}": "Two letters a week",
        "questions": "What is missing?\n\nWhat else?", "anonymous": "on",
        "until": "2026-03-31", "signers": [f"m{ed.pk}"],
    }  # fmt: skip
    assert browser.post(step(plan, "participation"), sent).status_code == 302
    read = text_of(browser.get(at("strategy", pk=plan.pk)))
    for words in ("Interest", "More clicks", "Two letters a week", "What else?", "First quarter"):
        assert words in read, words
    assert "5 of 6 steps are whole" in read or "6 of 6 steps are whole" in read


def test_a_colleague_reads_first_what_changes_for_them(plan, clicks, ed, vi, olga, client_of):
    goal, other = make_goal(clicks, owner=olga), make_goal(clicks, "Elsewhere", owner=olga)
    make_goal(clicks, "First quarter", parent=goal, owner=ed)
    write(plan, Step.GOALS, lines=[(goal, "Two letters a week"), (other, "No letters")])
    mine = client_of(ed).get(at("strategy", pk=plan.pk)).content.decode()
    panel = mine.split('id="h-yours"')[1].split("</section>")[0]
    assert "Two letters a week" in panel
    assert "No letters" not in panel
    assert "h-yours" not in client_of(vi).get(at("strategy", pk=plan.pk)).content.decode()


def test_every_step_can_be_opened_and_an_unknown_one_is_not_there(plan, ed, client_of):
    browser = client_of(ed)
    for name in Step:
        assert browser.get(step(plan, name.value)).status_code == 200
        done = browser.post(step(plan, name.value), {"version": seen(plan), "words": "Words"})
        assert done.status_code == 302, name
    assert browser.get(step(plan, "nothing")).status_code == 404


def test_O01_who_saves_second_keeps_their_words_and_is_told(plan, ed, client_of):
    browser, before = client_of(ed), seen(plan)
    browser.post(step(plan, "steps"), {"version": before, "words": "First"})
    late = browser.post(step(plan, "steps"), {"version": before, "words": "Second"})
    assert late.status_code == 409
    assert "Second" in late.content.decode()
    assert "Somebody changed this strategy meanwhile." in text_of(late)
    assert Strategy.objects.get().words == {"steps": "First"}


def test_words_that_are_too_long_are_said_at_their_field(plan, ed, client_of):
    answer = client_of(ed).post(step(plan, "steps"), {"version": seen(plan), "words": "x" * 5000})
    assert answer.status_code == 422
    assert "4000" in text_of(answer)


def test_publishing_makes_a_version_with_readable_changes(plan, mia, ed, client_of):
    browser, anyway = client_of(mia), {"anyway": "on"}
    browser.post(at("publish_strategy", pk=plan.pk), {"version": seen(plan), **anyway})
    write(plan, Step.STEPS, words="Two hours a week")
    sent = {"version": seen(plan), "note": "Hours", **anyway}
    browser.post(at("publish_strategy", pk=plan.pk), sent)
    assert StrategyVersion.objects.count() == 2
    told = browser.get(at("strategy_changes", pk=plan.pk, number=1), {"to": "2"})
    assert "<ins>Two hours a week</ins>" in told.content.decode()
    nothing = browser.get(at("strategy_changes", pk=plan.pk, number=2))
    assert "Nothing has changed." in text_of(nothing)
    assert "Two hours" not in text_of(browser.get(at("strategy_version", pk=plan.pk, number=1)))
    assert browser.get(at("strategy_version", pk=plan.pk, number=9)).status_code == 404
    assert client_of(ed).post(at("publish_strategy", pk=plan.pk)).status_code == 403


def test_what_is_missing_is_named_before_it_is_published_all_the_same(plan, mia, client_of):
    browser, url = client_of(mia), at("publish_strategy", pk=plan.pk)
    asked = browser.post(url, {"version": seen(plan)})
    assert asked.status_code == 422
    for words in ("No goal is set.", "No metric is named", "Publish it all the same"):
        assert words in text_of(asked)
    assert not StrategyVersion.objects.exists()
    browser.post(url, {"version": seen(plan), "anyway": "on"})
    assert StrategyVersion.objects.exists()


def test_questions_to_the_author_stand_in_the_draft_of_who_may_write_alone(
    plan, clicks, ed, vi, client_of
):
    hint, url = "Why does it show success?", at("strategy", pk=plan.pk)
    write(plan, Step.METRICS, lines=[(clicks, "")])
    assert hint in text_of(client_of(ed).get(url))
    publish(plan)
    version = at("strategy_version", pk=plan.pk, number=1)
    for path in (url, at("print_strategy", pk=plan.pk), version):
        page = text_of(client_of(vi).get(path))
        assert hint not in page
        assert "Which measured goals lead there" not in page
        assert "Not said yet." in page


def test_a_goal_of_another_time_is_told_in_the_strategy(plan, clicks, ed, client_of):
    goal = make_goal(clicks)
    assert goal.end.year < 2027
    period = Period("Later", date(2027, 1, 1), date(2027, 12, 31))
    later = make_strategy(plan.workspace, period=period)
    write(later, Step.GOALS, lines=[(goal, None)])
    page = text_of(client_of(ed).get(at("strategy", pk=later.pk)))
    assert "outside of the strategy's period" in page


def test_the_wall_shows_the_value_of_now_and_days_with_their_year(
    plan, clicks, acme, vi, olga, client_of, noon
):
    goal = make_goal(clicks, owner=olga)
    write(plan, Step.GOALS, lines=[(goal, None)])
    page = client_of(vi).get(at("strategy_wall", pk=plan.pk))
    standing = standings(acme, goals_of(acme), page.context["at"])[goal.pk]
    assert page.context["reading"].goals[0].standing.value == standing.value
    assert page.context["reading"].goals[0].status == standing.status.value
    assert re.search(r'class="wall-now"><b>', page.content.decode())
    assert text_of(page).count(str(goal.end.year)) >= 2


def test_publishing_what_changed_meanwhile_is_refused(plan, mia, client_of):
    url = at("publish_strategy", pk=plan.pk)
    answer = client_of(mia).post(url, {"version": 1, "anyway": "on"})
    assert answer.status_code == 409
    assert not StrategyVersion.objects.exists()


def test_it_is_signed_and_started_on_the_page(plan, mia, vi, client_of):
    take_part(plan, members=[vi])
    version = publish(plan)
    manager, viewer = client_of(mia), client_of(vi)
    refused = manager.post(at("start_strategy", pk=plan.pk), {"version": seen(plan)})
    assert refused.status_code == 422
    assert "asked to sign as Vi" in text_of(viewer.get(at("strategy", pk=plan.pk)))
    assert "Read what you sign" not in text_of(viewer.get(at("strategy", pk=plan.pk)))
    write(plan, Step.STEPS, words="Not published yet")
    assert "Read what you sign" in text_of(viewer.get(at("strategy", pk=plan.pk)))
    viewer.post(at("sign_strategy", pk=plan.pk), {"number": version.number, "agreed": "yes"})
    assert SignOff.objects.get().agreed
    back = {"number": version.number, "agreed": "no", "words": "A date is missing"}
    assert "Take the signature of Vi back" in text_of(viewer.get(at("strategy", pk=plan.pk)))
    viewer.post(at("sign_strategy", pk=plan.pk), back)
    page = text_of(viewer.get(at("strategy", pk=plan.pk)))
    assert "did not sign" in page
    assert "taken back" in page
    viewer.post(at("sign_strategy", pk=plan.pk), {"number": version.number, "agreed": "yes"})
    manager.post(at("start_strategy", pk=plan.pk), {"version": seen(plan)})
    assert "started on" in text_of(viewer.get(at("strategy", pk=plan.pk)))
    assert viewer.post(at("sign_strategy", pk=plan.pk), {"agreed": "maybe"}).status_code == 422


def test_it_is_put_away_and_taken_up_again(plan, mia, client_of):
    browser = client_of(mia)
    browser.post(at("close_strategy", pk=plan.pk), {"version": seen(plan)})
    assert "put away" in text_of(browser.get(at("strategy", pk=plan.pk)))
    assert browser.post(step(plan, "steps"), {"version": seen(plan)}).status_code == 422
    browser.post(at("reopen_strategy", pk=plan.pk), {"version": seen(plan)})
    assert Strategy.objects.get().closed_at is None


def test_decisions_are_written_down_and_closed(plan, ed, vi, client_of):
    browser, url = client_of(ed), at("strategy_decisions", pk=plan.pk)
    wrong = browser.post(url, {"title": "Later", "decided_on": "2027-01-01"})
    assert wrong.status_code == 422
    sent = {"title": "Stop the letter", "decided_on": "2026-03-01", "evidence": "CTR 0.4 %"}
    assert browser.post(url, sent).status_code == 302
    made = Decision.objects.get()
    close = at("close_decision", pk=plan.pk, decision=made.pk)
    browser.post(close, {"version": 1, "came_of_it": "CTR doubled"})
    assert "CTR doubled" in text_of(client_of(vi).get(url))
    assert client_of(vi).post(url, sent).status_code == 403


def test_feedback_is_given_by_a_viewer_answered_and_told_back(plan, clicks, ed, vi, client_of):
    goal = make_goal(clicks)
    write(plan, Step.GOALS, lines=[(goal, None)])
    take_part(plan, questions=["What is missing?"])
    publish(plan)
    viewer, editor = client_of(vi), client_of(ed)
    form = at("give_feedback", pk=plan.pk)
    assert "What is missing?" in text_of(viewer.get(form))
    assert viewer.post(form, {"number": 1}).status_code == 422
    viewer.post(form, {"number": 1, "question_0": "A date", f"goal_{goal.pk}": "Too <b>much</b>"})
    first, second = FeedbackItem.objects.order_by("pk")
    assert (first.about, second.goal, second.step) == ("What is missing?", goal, "goals")
    inbox = editor.get(at("feedback", pk=plan.pk))
    assert "Too &lt;b&gt;much&lt;/b&gt;" in inbox.content.decode()
    decide = at("decide_feedback", pk=plan.pk, item=first.pk)
    assert viewer.post(decide, {"revision": 1, "disposition": "accepted"}).status_code == 403
    refused = editor.post(decide, {"revision": 1, "disposition": "declined", "reason": ""})
    assert refused.status_code == 422
    editor.post(decide, {"revision": 1, "disposition": "declined", "reason": "No time"})
    page = text_of(viewer.get(at("strategy", pk=plan.pk)))
    assert "You said, we did" in page
    assert "No time" in page
    assert "33 % of the members answered" in page.replace("\u202f", " ")


def test_feedback_before_the_first_version_is_refused(plan, vi, client_of):
    assert client_of(vi).get(at("give_feedback", pk=plan.pk)).status_code == 422


def test_a_suggestion_becomes_one_card_by_one_click(plan, clicks, acme, ed, client_of):
    goal = make_goal(clicks)
    write(plan, Step.GOALS, lines=[(goal, None)])
    say(publish(plan), "Ask the shop", member=ed)
    item, browser = FeedbackItem.objects.get(), client_of(ed)
    url = reverse("tasks:quick_card", kwargs={"slug": "acme"})
    sent = {"title": item.text, "nonce": f"feedback-{item.pk}", "goal": goal.pk}
    assert browser.post(url, sent).status_code == 422
    make_board(acme)
    assert url in browser.get(at("feedback", pk=plan.pk)).content.decode()
    for _again in range(2):
        assert browser.post(url, sent).status_code == 302
    card = Card.objects.get()
    assert (card.title, card.goal, card.assignee) == ("Ask the shop", goal, ed)


def test_a_suggestion_on_a_goal_leads_to_a_step_that_is_half_filled_in(clicks, ed, client_of):
    page = client_of(ed).get(at("new"), {"title": "Ask the shop", "metric": clicks.pk})
    assert 'value="Ask the shop"' in page.content.decode()


@pytest.mark.parametrize("name", ["print_strategy", "strategy_wall"])
def test_it_is_printed_and_hung_on_the_wall_before_and_after_it_is_published(
    name, plan, clicks, vi, client_of
):
    goal, browser = make_goal(clicks), client_of(vi)
    write(plan, Step.GOALS, lines=[(goal, None)])
    assert "120 leads a month" in text_of(browser.get(at(name, pk=plan.pk)))
    publish(plan)
    write(plan, Step.OUTCOMES, lines=[])
    assert "120 leads a month" in text_of(browser.get(at(name, pk=plan.pk)))


def test_the_list_costs_the_same_for_one_strategy_and_for_many(
    acme, plan, olga, client_of, django_assert_max_num_queries
):
    browser = client_of(olga)
    browser.get(at("strategies"))

    def cost():
        with django_assert_max_num_queries(20) as asked:
            assert browser.get(at("strategies")).status_code == 200
        return len(asked)

    one = cost()
    for _number in range(5):
        publish(plan_of(acme))
    assert cost() == one


def test_feedback_and_decisions_cost_the_same_for_one_and_for_many(
    plan, clicks, ed, olga, client_of, api_of, django_assert_max_num_queries
):
    browser, client, goal = client_of(olga), api_of(olga), make_goal(clicks)
    version = publish(plan)
    base = f"/api/v1/workspaces/acme/strategies/{plan.pk}/"
    asks = [(browser, at(name, pk=plan.pk)) for name in ("feedback", "strategy_decisions")]
    asks += [(client, base + name) for name in ("feedback/", "decisions/", "versions/")]

    def more():
        said = Suggestion("Hm", goal=goal, step="goals")
        answers = Answers([said], member=ed)
        give_feedback(version, answers=answers, at=NOON)
        draft = DecisionDraft("Stop", NOON.date(), goal=goal)
        log_decision(plan, draft=draft, by=ed, at=NOON)

    def cost():
        found = []
        for asker, path in asks:
            with django_assert_max_num_queries(20) as asked:
                assert asker.get(path).status_code == 200
            found.append(len(asked))
        return found

    more()
    browser.get(asks[0][1])
    one = cost()
    for _number in range(4):
        more()
    assert cost() == one


def plan_of(acme):
    """Another strategy with something to publish."""
    made = make_strategy(acme)
    return write(made, Step.OUTCOMES, lines=[(make_stakeholder(acme, f"S{made.pk}"), "x")])


def test_T01_another_workspaces_strategy_is_not_there(plan, sam, client_of):
    browser = client_of(sam)
    for name in ("strategy", "feedback", "print_strategy", "strategy_decisions"):
        url = reverse(f"goals:{name}", kwargs={"slug": "globex", "pk": plan.pk})
        assert browser.get(url).status_code == 404
