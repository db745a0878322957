"""What browser tests share: finding Chromium, watching a page, pictures, accessibility."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "build" / "screens"
TAKES_PICTURES = os.environ.get("MOPS_SCREENS") == "1"
ASSETS = ROOT / "build" / "assets" / "dist" / "main.js"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
EVERY_LOOK = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "rtl": {"language": "fa"},
    "phone": {"phone": True},
    "phone-dark": {"phone": True, "theme": "dark"},
    "phone-rtl": {"phone": True, "language": "fa"},
}
# Two that have every theme, direction and size; MOPS_LOOKS=all walks through all six.
OPPOSITES = {
    "light": {"theme": "light"},
    "phone-dark-rtl": {"phone": True, "theme": "dark", "language": "fa"},
}
LOOKS = EVERY_LOOK if os.environ.get("MOPS_LOOKS") == "all" else OPPOSITES
SERIOUS = {"serious", "critical"}


def chromium() -> str | None:
    """Where a Chromium is: CHROMIUM, or the first known name on the PATH."""
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
    asked = os.environ.get("CHROMIUM")
    return asked or next((path for name in names if (path := shutil.which(name))), None)


def look(*, theme: str = "light", language: str = "en", phone: bool = False) -> dict[str, object]:
    """Options of a browser context for one way to look at a page."""
    return {
        "viewport": PHONE if phone else DESK,
        "color_scheme": theme,
        "reduced_motion": "reduce",
        "device_scale_factor": 2 if phone and TAKES_PICTURES else 1,
        "has_touch": phone,
        "is_mobile": phone,
        "locale": language,
        "extra_http_headers": {"Accept-Language": language},
    }


@dataclass
class Watch:
    """Collects what a page complains about: errors, warnings, breaches of the content policy."""

    said: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def over(self, page: Page) -> Page:
        """Begin to listen; returns the page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(
            part in message.text for part in self.expected
        ):
            self.said.append(f"{message.type}: {message.text}")


def settled(page: Page) -> Page:
    """Wait for scripts, fonts, charts and htmx to be done.

    Waited-for functions are written as `() => ...`: the policy forbids a string that is read again.
    """
    page.wait_for_function("() => document.documentElement.dataset.ready !== undefined")
    page.evaluate("document.fonts.ready")
    page.wait_for_function(
        "() => [...document.querySelectorAll('line-chart')].every("
        "chart => 'drawn' in chart.dataset || chart.classList.contains('is-empty'))"
    )
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    return page


def shoot(page: Page, name: str, *, full: bool = False) -> None:
    """Store a picture in build/screens/ where somebody asked for pictures."""
    if TAKES_PICTURES:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=full)


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def complaints(page: Page) -> list[str]:
    """What axe finds serious or critical, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['impact']} {one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


def axe(page: Page) -> None:
    """Fail on serious or critical findings."""
    assert complaints(page) == []


def small_targets(page: Page) -> list[str]:
    """On phones: controls in view that are less than 44 px in both directions (AA asks for 24)."""
    controls = ".b, .tabbar a, .tabbar summary, .menu-list a, .input, .select"
    return page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)]
          .filter((e) => e.checkVisibility() && !e.matches(".sr-js, .top-new *"))
          .filter((e) => e.getBoundingClientRect().width < 44)
          .filter((e) => e.getBoundingClientRect().height < 44)
          .map((e) => e.outerHTML.slice(0, 120))""",
        controls,
    )
