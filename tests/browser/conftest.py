"""Pages in a real Chromium, signed in as one of the cast; skipped where there is none."""

import os

import pytest
from django.conf import settings
from django.db import connection

from tests.browser.support import ARGS, ASSETS, Watch, chromium, look
from tests.services.conftest import (  # noqa: F401  the whole product as one process
    database_server,
    embedded,
    embedded_template,
    redis,
)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    path = chromium()
    if path is None:
        pytest.skip("No Chromium found: install chromium or set CHROMIUM to its path.")
    if not ASSETS.exists():
        pytest.fail("No styles and scripts: run `.venv/bin/node static/build.mjs` first.")
    return {"executable_path": path, "args": ARGS}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A file: the live server's threads would lock each other out of a database in memory."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("browser") / "db.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture
def screen(browser, live_server, client_of):
    """Open pages as screen(member, theme="dark", language="fa", phone=True); checked at the end."""
    watch, contexts = Watch(), []

    def open_screen(member=None, **options):
        context = browser.new_context(base_url=live_server.url, **look(**options))
        contexts.append(context)
        if member is not None:
            name = settings.SESSION_COOKIE_NAME
            value = client_of(member).cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return watch.over(context.new_page())

    open_screen.watch = watch
    yield open_screen
    for context in contexts:
        context.close()
    assert watch.said == []
