"""What the first page costs: styles, scripts and the font of a page without a chart."""

import re
from pathlib import Path

import brotli
import pytest

DIST = Path(__file__).parents[2] / "build" / "assets" / "dist"
BUDGET = 250 * 1024
STATIC_IMPORT = re.compile(r'(?:from|import)"\./(chunks/[\w.-]+\.js)"')
pytestmark = pytest.mark.skipif(
    not DIST.exists(), reason="No build: run .venv/bin/node static/build.mjs."
)


def first_load():
    """The entries, what they import at once, and the fonts of an English and a Persian page."""
    main = (DIST / "main.js").read_text()
    fonts = [*DIST.glob("media/inter-latin-opsz*"), *DIST.glob("media/vazirmatn-arabic*")]
    chunks = [DIST / name for name in STATIC_IMPORT.findall(main)]
    return [DIST / "app.css", DIST / "theme.js", DIST / "main.js", *chunks, *fonts]


def test_the_first_load_stays_within_its_budget():
    files = first_load()
    assert len(files) >= 5
    assert sum(len(brotli.compress(path.read_bytes())) for path in files) <= BUDGET


def test_charts_and_dragging_come_only_when_a_page_shows_them():
    at_once = "".join(path.read_text() for path in first_load() if path.suffix == ".js")
    assert "echarts" not in at_once
    assert "Sortable" not in at_once


def test_nothing_is_fetched_from_another_host():
    texts = [path.read_text() for path in DIST.rglob("*") if path.suffix in {".css", ".js"}]
    assert not any(re.search(r"url\(['\"]?https?:", text) for text in texts)


def test_the_theme_script_is_classic_and_small():
    script = DIST / "theme.js"
    assert script.stat().st_size < 1024
    assert "import" not in script.read_text()
