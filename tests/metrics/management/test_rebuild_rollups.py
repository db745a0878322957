from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from metrics.models.rollups import Rollup
from tests.make.metrics import make_metric, observe

D = date(2026, 1, 1)
pytestmark = pytest.mark.django_db


def test_a_check_of_what_is_right_says_so(acme, capsys):
    observe(make_metric(acme), {D: 5})
    call_command("rebuild_rollups", "--workspace", "acme", "--check")
    assert "equal" in capsys.readouterr().out


def test_a_check_names_what_differs_and_exits_with_1(acme, capsys):
    observe(make_metric(acme), {D: 5})
    Rollup.objects.filter(grain=2).update(total=7)
    with pytest.raises(CommandError) as refused:
        call_command("rebuild_rollups", "--workspace", "acme", "--check")
    assert refused.value.returncode == 1
    out = capsys.readouterr().out
    assert "clicks month 2026-01-01 (series" in out
    assert Rollup.objects.get(grain=2).total == 7


def test_a_rebuild_puts_everything_right(acme, capsys):
    observe(make_metric(acme), {D: 5}, roll=False)
    call_command("rebuild_rollups", "--workspace", "acme")
    call_command("rebuild_rollups", "--workspace", "acme", "--check")
    assert Rollup.objects.get(grain=2).total == 5


def test_an_unknown_workspace_is_named():
    with pytest.raises(CommandError, match="nowhere"):
        call_command("rebuild_rollups", "--workspace", "nowhere")
