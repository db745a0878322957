"""What the log says of cards and boards."""

from workspaces.models.events import Event


def events_of(row) -> list[Event]:
    label = row._meta.label_lower
    return list(Event.objects.filter(subject_type=label, subject_id=row.pk).order_by("id"))


def verbs_of(row) -> list[str]:
    return [event.verb for event in events_of(row)]


def versions_of(row) -> list[int]:
    """INV-08: each version of the row has exactly one event."""
    return [event.data["version"] for event in events_of(row) if "version" in event.data]
