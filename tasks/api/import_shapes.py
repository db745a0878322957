from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from tasks.models import BoardImport, ImportedPerson
from tasks.models.boards import NAME_LENGTH
from tasks.operations.imports_progress import progress_of
from tasks.queries.import_words import left_rows, why_failed
from tasks.queries.imports import people_waiting, same_before
from tasks.rules.imports.values import CONTROLS
from workspaces.rest import StrictSerializer

LARGEST_ID = 2**63 - 1
MOST_LEFT = 100  # of what could not be brought, in an answer


class Keyed(serializers.DictField):
    """By the keys of a file, which hold no control characters."""

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        if any(CONTROLS.search(key) for key in found):
            raise serializers.ValidationError(_("There is no such key."), "no_such_key")
        return found


class ChoicesIn(StrictSerializer):
    board = serializers.IntegerField(
        required=False,
        allow_null=True,
        max_value=LARGEST_ID,
        help_text="the board that the cards join; else a new one",
    )
    name = serializers.CharField(
        required=False, allow_blank=True, max_length=NAME_LENGTH, help_text="of the new board"
    )
    columns = Keyed(
        required=False,
        child=serializers.CharField(allow_blank=True, max_length=300),
        help_text="by a column's key: id: and a column of the board, with: and another key",
    )
    people = Keyed(
        required=False,
        child=serializers.IntegerField(min_value=0, max_value=LARGEST_ID),
        help_text="by a person's key: the member's id, or 0 for nobody here yet",
    )
    roles = Keyed(
        required=False,
        child=serializers.CharField(max_length=20),
        help_text="of a CSV: by a column's name what it holds",
    )
    encoding = serializers.CharField(required=False, allow_blank=True, max_length=20)
    again = serializers.BooleanField(
        required=False, help_text="bring cards that the board has already a second time"
    )


class BoardFileIn(serializers.Serializer):
    file = serializers.FileField()
    choices = serializers.CharField(
        required=False, help_text="a JSON object: board, name, columns, people, roles, encoding"
    )
    dry_run = serializers.BooleanField(required=False, help_text="check the file, store nothing")


class LeftOut(serializers.Serializer):
    place = serializers.CharField(help_text="row, line and letter, or JSON pointer")
    what = serializers.CharField()
    why = serializers.CharField()


class BoardImportOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.CharField(
        help_text="checking, ready (checked, waits for a word), waiting, done, failed, cancelled, "
        "undone"
    )
    file = serializers.CharField()
    format = serializers.CharField(
        help_text="trello, jira, asana, plane, taiga, mops, mops_csv, csv; empty until it is read"
    )
    board = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class WaitingPersonOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()


class BoardImportDetailOut(BoardImportOut):
    progress = serializers.IntegerField(
        allow_null=True, help_text="in percent while it is worked on; null before and after"
    )
    choices = ChoicesIn()
    found = serializers.DictField(help_text="what stands in the file: counts, columns, people")
    outcome = serializers.DictField(help_text="what the check or the import counted")
    error = serializers.CharField(help_text="why it failed")
    same_as = serializers.IntegerField(
        allow_null=True, help_text="an import of this very file that still stands"
    )
    left_count = serializers.IntegerField()
    left = LeftOut(many=True, help_text="the first hundred of what could not be brought")
    waiting = WaitingPersonOut(many=True, help_text="people of the file who are no members yet")


class WhoIn(StrictSerializer):
    member = serializers.IntegerField(max_value=LARGEST_ID)


def import_out(run: BoardImport) -> dict[str, Any]:
    return {
        "id": run.pk,
        "state": run.state,
        "file": run.file_name,
        "format": run.found.get("format", ""),
        "board": run.board_id,
        "by": run.by.user.display_name if run.by else None,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


def detail_out(run: BoardImport) -> dict[str, Any]:
    before = same_before(run)
    return import_out(run) | {
        "progress": progress_of(run) if run.is_at_work else None,
        "choices": run.choices,
        "found": run.found,
        "outcome": run.outcome,
        "error": why_failed(run) if run.error else "",
        "same_as": before.pk if before else None,
        "left_count": run.left_count,
        "left": [
            {"place": place, "what": what, "why": why}
            for place, what, why in left_rows(run)[:MOST_LEFT]
        ],
        "waiting": [person_out(person) for person in people_waiting(run)],
    }


def person_out(person: ImportedPerson) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name, "email": person.email}
