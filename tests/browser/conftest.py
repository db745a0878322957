"""Pages in a real Chromium, signed in as one of the cast; skipped where there is none."""

import os
import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from tests.browser.support import ARGS, ASSETS, EVERY_LOOK, LOOKS, Watch, chromium, look
from tests.services.conftest import (  # noqa: F401  the whole product as one process
    embedded,
    embedded_template,
    redis,
)
from tests.support.once import made_once
from tests.support.processes import BIN, Web, free_port, launch, must_manage, wait_until
from tests.support.stack import embedded_env

DEMO_PASSWORD = "demo"


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


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The demo, prepared once in the whole run and served from a copy."""

    def prepare(folder):
        env = {**embedded_env(folder), "MOPS_DEMO_PASSWORD": DEMO_PASSWORD}
        must_manage(env, "prepare_demo", "--collect-static")

    prepared = made_once(tmp_path_factory, "demo", prepare)
    folder = tmp_path_factory.mktemp("site") / "demo"
    shutil.copytree(prepared, folder)
    port = free_port()
    words = ["mops.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    words += ["--no-proxy-headers"]
    child = launch([BIN / "uvicorn", *words], env=embedded_env(folder), log=folder / "web.log")
    web = Web(child, port)
    try:
        wait_until("the web answers", web.is_alive, seconds=60)
        yield web
    finally:
        web.child.stop()


@pytest.fixture
def visitor(site, browser):
    """A page of somebody's, in one of the looks."""

    @contextmanager
    def visit(name, who=""):
        watch = Watch(expected=("with a status of 404",))
        context = browser.new_context(base_url=site.url, **look(**(EVERY_LOOK | LOOKS)[name]))
        page = watch.over(context.new_page())
        if who:
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{who}@demo.example")
            page.fill("[name=password]", DEMO_PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url("**/w/demo/**")
        yield page, watch
        context.close()

    return visit
