from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.schedules import chains, days_of

LENGTHS = st.lists(st.integers(1, 9), min_size=2, max_size=7)


@st.composite
def networks(draw):
    """Cards with their days and what they wait for; a card waits for earlier ones only."""
    days = dict(enumerate(draw(LENGTHS)))
    pairs = [(one, other) for one in days for other in range(one)]
    waits = {}
    for one, other in draw(st.sets(st.sampled_from(pairs))):
        waits.setdefault(one, set()).add(other)
    return days, waits


def ways(waits, card):
    """Every way of waiting that begins with the card."""
    yield [card]
    for other in waits.get(card, ()):
        for rest in ways(waits, other):
            yield [card, *rest]


@given(networks())
def test_the_slack_is_what_the_longest_of_all_chains_leaves(network):
    days, waits = network
    tied = {card for one, others in waits.items() for card in (one, *others)}
    every = [(chain, sum(days[c] for c in chain)) for card in tied for chain in ways(waits, card)]
    whole = max((long for _chain, long in every), default=0)
    expected = {card: whole - max(long for chain, long in every if card in chain) for card in tied}
    found = chains(days, waits)
    assert found.days == whole
    found = found.slack
    assert {card: slack.days for card, slack in found.items()} == expected
    critical = {card for card, slack in found.items() if slack.is_critical}
    assert critical == {card for chain, long in every if long == whole for card in chain}


def test_a_card_that_nothing_is_tied_to_has_no_slack_to_tell():
    found = chains({1: 3, 2: 2, 3: 90, 4: 1}, {2: [1], 4: [1], 5: [3]}).slack
    assert {card: slack.days for card, slack in found.items()} == {1: 0, 2: 0, 4: 1}


def test_a_long_chain_costs_as_many_steps_as_it_has_cards():
    count = 5000
    waits = {one: [other] for other, one in pairwise(range(count))}
    found = chains(dict.fromkeys(range(count), 1), waits)
    assert len(found.slack) == found.days == count
    assert all(slack.is_critical for slack in found.slack.values())


def test_days_count_both_ends_and_an_end_that_is_not_said_is_one_day():
    assert days_of(date(2026, 3, 2), date(2026, 3, 4)) == 3
    assert days_of(None, date(2026, 3, 4)) == days_of(None, None) == 1
