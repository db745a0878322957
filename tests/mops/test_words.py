"""Our words are ours: what Django's own catalogues translate would leak into a page of ours."""

import gettext
import re
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).parents[2]
APPS = ("workspaces", "metrics", "connectors", "goals", "tasks", "reports", "mops")
PLACES = {ROOT / name for name in APPS}
OURS = [app for app in apps.get_app_configs() if Path(app.path) in PLACES]
FOLDERS = [ROOT / "templates", *(Path(app.path) for app in OURS)]
TAG = re.compile(r"""\{%\s*(?:trans|translate)\s+(["'])(.+?)\1(?!\s+context)""")
CALL = re.compile(r"""(?<!\w)(?:_|gettext|gettext_lazy|gettext_noop)\(\s*(["'])(.+?)\1\s*[,)]""")
SHARED = {
    "English", "Persian",  # the languages that Django knows by name
    "key", "name",  # names of fields, which no page shows
    "Invalid token.",  # said by the API
}  # fmt: skip


def words_of_others(language: str) -> set[str]:
    """What Django and the packages translate without a context."""
    roots = [Path(django.__file__).parent / "conf"]
    roots += [Path(app.path) for app in apps.get_app_configs() if app not in OURS]
    found: set[str] = set()
    for root in roots:
        path = root / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog  # no other way to list it
            found |= {key if isinstance(key, str) else key[0] for key in catalogue}
    return found


def our_words() -> dict[str, str]:
    """Each message without a context, and a file that says it."""
    return {
        match[2]: str(path.relative_to(ROOT))
        for folder in FOLDERS
        for pattern, ending in ((TAG, "*.html"), (CALL, "*.py"))
        for path in folder.rglob(ending)
        for match in pattern.finditer(path.read_text())
    }


def test_no_word_of_ours_is_translated_by_somebody_else():
    others = set().union(*(words_of_others(code) for code, _name in settings.LANGUAGES))
    ours = our_words()
    assert len(ours) > 500
    leaks = {word: place for word, place in ours.items() if word in others - SHARED}
    assert leaks == {}, 'give them a context: {% translate "…" context "MOps" %}, pgettext'
