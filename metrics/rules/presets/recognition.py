"""Which preset a file is an export of: exactly one, or none."""

from collections.abc import Iterable, Sequence

from metrics.rules.presets.preset import Head, Preset, column_for, plain


def matches(presets: Iterable[Preset], head: Head) -> list[tuple[Preset, str]]:
    """The presets that the header fits, each with its language; weak ones where no other does."""
    found = [(preset, fit) for preset in presets if (fit := language_of(preset, head))]
    return [pair for pair in found if not pair[0].weak] or found


def language_of(preset: Preset, head: Head) -> str:
    """The language in which the header has all that the preset needs, or nothing."""
    names = {plain(column) for column in head.columns}
    if names & {plain(label) for label in preset.without}:
        return ""
    if preset.open and not (head.above and head.above[0].startswith("#")):
        return ""
    if not any(column_for(m.labels, "en", head.columns) for m in preset.measures) and preset.open:
        return ""
    fitting = [
        language
        for language in preset.languages
        if all(column_for(labels, language, head.columns) for labels in preset.needs)
    ]
    return max(fitting, key=lambda language: _known(preset, language, head.columns), default="")


def _known(preset: Preset, language: str, columns: Sequence[str]) -> int:
    """How many columns the preset knows in the language."""
    labels = [measure.labels for measure in preset.measures] + list(preset.dims.values())
    return sum(bool(column_for(one, language, columns)) for one in labels)
