"""Streams while they happen: who follows one, what wakes it, who else is there."""
