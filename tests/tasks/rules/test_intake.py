import pytest

from tasks.rules.intake import (
    Kind,
    Question,
    Unfit,
    check_questions,
    next_in_turn,
    question_from,
    read_answer,
)

ASK = Question("what", "What?", Kind.SHORT, to="title")
PICK = Question("size", "Which?", Kind.CHOICE, choices=("Small", "Large"))


def changed(question, **fields):
    return Question(**{**vars(question), **fields})


@pytest.mark.parametrize(
    ("questions", "fault"),
    [
        ([], ("empty", 0)),
        ([changed(ASK, key=f"k{n}", to="") for n in range(41)], ("too_many", 0)),
        ([changed(ASK, key="No key")], ("key", 1)),
        ([changed(ASK, label=" ")], ("label", 1)),
        ([changed(ASK, hint="x" * 401)], ("label", 1)),
        ([ASK, changed(ASK, to="")], ("twice", 2)),
        ([ASK, changed(ASK, key="other")], ("target_twice", 2)),
        ([changed(ASK, to="due")], ("target", 1)),
        ([changed(ASK, to="owner")], ("target", 1)),
        ([changed(PICK, choices=())], ("choices", 1)),
        ([changed(PICK, choices=("Same", " Same"))], ("choices", 1)),
        ([changed(PICK, choices=("x" * 101,))], ("choices", 1)),
        ([changed(ASK, choices=("One",))], ("choices_unasked", 1)),
        ([changed(PICK, to="priority")], ("priorities", 1)),
        ([changed(ASK, to="field_1"), changed(PICK, to="field_1")], ("target_twice", 2)),
    ],
)
def test_a_form_that_cannot_be_asked_names_its_fault_and_its_place(questions, fault):
    with pytest.raises(Unfit) as unfit:
        check_questions(questions)
    assert (unfit.value.fault, unfit.value.place) == fault


def test_a_form_that_can_be_asked_comes_back_from_the_store_as_it_was():
    questions = [ASK, PICK, changed(PICK, key="prio", choices=(), to="priority")]
    check_questions(questions)
    assert [question_from(one.as_json()) for one in questions] == questions


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        ("short", "  One line ", "One line"),
        ("short", "Two\nlines", Unfit("short")),
        ("short", "x" * 201, Unfit("long")),
        ("short", ("a", "b"), Unfit("one")),
        ("short", "a\x00b", Unfit("text")),
        ("long", "Two\nlines", "Two\nlines"),
        ("long", "x" * 10_001, Unfit("long")),
        ("email", "ana@example.com", "ana@example.com"),
        ("email", "ana@example", Unfit("email")),
        ("email", "ana@example.com\nBcc: b@example.com", Unfit("email")),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", "2026-02-30", Unfit("date")),
        ("date", "20260228", Unfit("date")),
        ("number", "-12.50", "-12.50"),
        ("number", "1e9", Unfit("number")),
        ("number", "NaN", Unfit("number")),
        ("number", "١٢", Unfit("number")),
        ("link", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("link", "javascript:alert(1)", Unfit("link")),
        ("link", "https://[", Unfit("link")),
        ("choice", "Large", "Large"),
        ("choice", "Huge", Unfit("choice")),
        ("several", ("Large", "Small"), ("Small", "Large")),
        ("several", "Large", ("Large",)),
        ("several", ("Large", "Huge"), Unfit("choice")),
        ("several", (), ()),
        ("date", "", ""),
    ],
)
def test_an_answer_is_read_by_its_kind_or_says_why_not(kind, sent, read):
    question = changed(PICK, kind=Kind(kind))
    if not isinstance(read, Unfit):
        assert read_answer(question, sent) == read
        return
    with pytest.raises(Unfit) as unfit:
        read_answer(question, sent)
    assert unfit.value.fault == read.fault


@pytest.mark.parametrize(("kind", "sent"), [("short", " "), ("several", ())])
def test_what_must_be_answered_is_not_left_out(kind, sent):
    with pytest.raises(Unfit, match="required"):
        read_answer(changed(PICK, kind=Kind(kind), required=True), sent)


@pytest.mark.parametrize(
    ("last", "able", "place"),
    [
        (-1, [0, 1, 2], 0),
        (0, [0, 1, 2], 1),
        (2, [0, 1, 2], 0),
        (0, [0, 2], 2),
        (2, [2], 2),
        (7, [0, 1], 0),
        (0, [], None),
    ],
)
def test_the_turn_goes_on_with_the_next_who_can_and_begins_again(last, able, place):
    assert next_in_turn([0, 1, 2], last, able) == place
