"""Asking for the pages of goals and reading what they say."""

import re

from django.urls import reverse


def at(name, **kwargs):
    return reverse(f"goals:{name}", kwargs={"slug": "acme", **kwargs})


def fields(on, owner, **changes):
    usual = {
        "title": "Clicks +25 %",
        "metric": on.pk,
        "basis": "cumulative",
        "grain": "month",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "kind": "percent",
        "amount": "25",
        "baseline_from": "2025-01-01",
        "baseline_to": "2025-12-31",
        "owner": owner.pk,
        "specific": "Newsletter clicks",
    }
    return {**usual, **changes}


def text_of(answer):
    """The page's words, tags and runs of space removed."""
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words)
