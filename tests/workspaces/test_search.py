"""Finding by name, the same on SQLite and PostgreSQL: words, spellings, what is escaped."""

import pytest

from tests.make.workspaces import make_member, make_stakeholder
from workspaces.queries.search import find_people, find_stakeholders
from workspaces.rules.roles import Role
from workspaces.rules.search import number_in, spellings, tidied, words_of


def names(found):
    return [one.name for one in found]


def test_case_makes_no_difference(acme):
    make_stakeholder(acme, "Sales")
    assert names(find_stakeholders(acme, "sALES")) == ["Sales"]
    assert names(find_stakeholders(acme, "ale")) == ["Sales"]
    assert find_stakeholders(acme, "sells") == []


@pytest.mark.parametrize("text", ["über", "ÜBER", "Über", "über u"])
def test_case_makes_no_difference_beyond_ascii(acme, text):
    make_stakeholder(acme, "Über uns")
    assert names(find_stakeholders(acme, text)) == ["Über uns"]


def test_a_word_that_begins_with_the_text_comes_before_one_that_holds_it(acme):
    for name in ("Camera club", "Press and media", "Media", "Intermedia", "E-media"):
        make_stakeholder(acme, name)
    found = names(find_stakeholders(acme, "med"))
    assert found == ["Media", "E-media", "Press and media", "Intermedia"]


def test_each_word_must_be_there_in_any_order_and_any_field(acme):
    make_stakeholder(acme, "Head of sales", role="Budget")
    make_stakeholder(acme, "Sales")
    assert names(find_stakeholders(acme, "sales head")) == ["Head of sales"]
    assert names(find_stakeholders(acme, "budget sales")) == ["Head of sales"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "a_b", "'", '"; --'])
def test_signs_of_patterns_stand_for_themselves(acme, text):
    make_stakeholder(acme, "Sales")
    assert find_stakeholders(acme, text) == []
    make_stakeholder(acme, f"x {text} y")
    assert names(find_stakeholders(acme, text)) == [f"x {text} y"]


def test_no_more_than_asked_for_and_nobody_who_is_gone(acme):
    for number in range(7):
        make_stakeholder(acme, f"Sales {number}")
    assert len(find_stakeholders(acme, "sales")) == 5
    assert len(find_stakeholders(acme, "sales", limit=2)) == 2


def test_people_are_found_by_name_and_by_address_in_their_workspace(acme, globex, mia, sam):
    make_member(acme, "ed@acme.example", Role.EDITOR)
    assert [m.user.email for m in find_people(acme, "mia")] == ["mia@acme.example"]
    assert [m.user.email for m in find_people(acme, "ed@ac")] == ["ed@acme.example"]
    assert find_people(acme, "sam") == []
    mia.user.is_active = False
    mia.user.save()
    assert find_people(acme, "mia") == []


def test_the_longest_text_of_single_letters_can_be_asked(acme):
    make_stakeholder(acme, "Sales")
    assert find_stakeholders(acme, "é " * 100) == []
    assert find_stakeholders(acme, "s " * 9 + "a l e s") == []


def test_one_query_each(acme, django_assert_num_queries):
    make_stakeholder(acme, "Mia's team")
    with django_assert_num_queries(1):
        find_stakeholders(acme, "mia")
    with django_assert_num_queries(1):
        find_people(acme, "olga")


def test_what_was_typed_becomes_one_line_of_words():
    assert tidied("  Click\t\0through \n rate ") == "Click through rate"
    assert tidied("می‌روم") == "می‌روم"  # the joiner belongs to the word
    assert words_of("a b") == ["a", "b"]
    assert words_of(" ".join("abcdefghijkl"))[-1] == "j k l"
    assert spellings("ctr") == ["ctr"]
    assert set(spellings("été")) == {"été", "ÉTÉ", "Été"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("#12", 12),
        ("# 12", 12),
        ("۱۲", 12),
        ("12a", 0),
        ("", 0),
        ("#", 0),
        ("9" * 10, 0),
    ],
)
def test_a_number_is_read_from_what_looks_like_one(text, number):
    assert number_in(text) == number
