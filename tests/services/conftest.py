"""Real servers for these tests; each test gets a database and a Redis of its own."""

import pytest

from tests.support.once import made_once
from tests.support.postgres import postgres
from tests.support.redis import redis_server
from tests.support.stack import (
    Template,
    embedded_env,
    installation,
    make_template,
    production_env,
)


@pytest.fixture(scope="session")
def database_server():
    with postgres() as server:
        yield server


@pytest.fixture
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory):
    def make(folder):
        made = make_template("embedded", embedded_env(folder), str(folder / "mops.sqlite3"))
        (folder / "token").write_text(made.token)

    folder = made_once(tmp_path_factory, "embedded", make)
    token = (folder / "token").read_text()
    return Template("embedded", str(folder / "mops.sqlite3"), token)


@pytest.fixture(scope="session")
def production_template(tmp_path_factory, database_server):
    folder = tmp_path_factory.mktemp("production")
    env = production_env(folder, database_server.url("mops"))
    return make_template("production", env, "mops")


@pytest.fixture
def embedded(embedded_template, tmp_path, redis):
    with installation(embedded_template, tmp_path, redis) as stack:
        yield stack


@pytest.fixture
def production(production_template, tmp_path, redis, database_server):
    with installation(production_template, tmp_path, redis, database_server) as stack:
        yield stack


@pytest.fixture(params=["embedded", "production"])
def stack(request):
    """Both ways of running it."""
    return request.getfixturevalue(request.param)
