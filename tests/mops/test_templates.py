"""What every template keeps: icons that exist, no inline style or script, named variables."""

import re
from pathlib import Path

import pytest
from django.template import loader

from mops.templatetags.ui import draw_icon

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\ssrc=)|hx-on|["']js:"""
)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b|(?<![\w-])(?:left|right|top|bottom)\s*:|"
    r"(?<![\w-])(?:min-|max-)?(?:width|height)\s*:|text-align:\s*(?:left|right)|float\s*:"
)
ALLOWED = {"text-align: left"}  # code runs left to right in every language


def named(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_every_icon_named_in_a_template_exists():
    names = {
        name
        for path in TEMPLATES
        for name in re.findall(r'(?:\{% icon |icon_name=)"([\w-]+)"', path.read_text())
    }
    assert len(names) > 30
    for name in names:
        draw_icon(name, "")


def test_no_page_has_inline_styles_or_scripts():
    assert named(path for path in PAGES if INLINE.search(path.read_text())) == []


def test_every_fragment_names_its_variables_first():
    fragments = [path for path in PAGES if path.name.startswith("_")]
    assert named(path for path in fragments if not path.read_text().startswith("{#")) == []


def test_styles_use_logical_properties_only():
    found = [
        f"{path.name}: {match.group()}"
        for path in STYLES
        for match in PHYSICAL.finditer(
            re.sub(r"@(?:media|container)[^{]*\{|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        )
        if match.group() not in ALLOWED
    ]
    assert found == []


def test_styles_never_shout():
    assert named(path for path in STYLES if "!important" in path.read_text()) == []


def test_raw_colours_stand_in_the_tokens_only():
    raw = re.compile(r":[^;{}]*#[0-9a-fA-F]{3,8}\b")
    assert (
        named(path for path in STYLES if path.name != "tokens.css" and raw.search(path.read_text()))
        == []
    )


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "413.html", "500.html"])
def test_an_error_page_needs_no_request_and_no_database(name):
    html = loader.get_template(name).render({"request_id": "abc123"})
    assert "<h1>" in html
    assert "abc123" in html
