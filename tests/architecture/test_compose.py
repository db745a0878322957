import re
import subprocess
import sys
from pathlib import Path

import pytest

from mops.bootstrap_verify import settings_read
from tests.architecture.routes import api_routes, page_routes
from tests.support import compose

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {"SECRET_KEY": "x" * 50, "SERVICES_PASSWORD": "inside"}
OURS = {"migrate", "web", "streams", "worker", "beat"}


def dockerfile():
    return compose.raw()["services"]["web"]["build"]["dockerfile_inline"]


def test_the_file_keeps_to_the_compose_specification():
    program = Path(sys.executable).parent / "check-jsonschema"
    check = [program, "--builtin-schema", "vendor.compose-spec", compose.FILE]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_part_of_an_installation_is_there():
    assert set(compose.raw()["services"]) == OURS | {"proxy", "db", "redis", "mail"}


def test_the_operator_sets_at_most_ten_variables_and_the_head_names_each():
    head = compose.text().partition("\nname:")[0]
    named = re.findall(r"^#   ([A-Z_]+) ", head, re.MULTILINE)
    assert set(named) == set(compose.variables())
    assert len(named) <= 10


def test_only_the_secrets_are_required_and_none_has_a_default():
    required = {name for name, rest in compose.variables().items() if rest.startswith("?")}
    assert required == set(REQUIRED)
    for missing in REQUIRED:
        given = {name: value for name, value in REQUIRED.items() if name != missing}
        with pytest.raises(KeyError):
            compose.filled(given)


def test_only_the_proxy_is_published_and_only_on_loopback():
    published = {
        name: service["ports"]
        for name, service in compose.filled(REQUIRED).items()
        if "ports" in service
    }
    assert published == {"proxy": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_get_the_same_settings_and_no_unknown_ones(name):
    services = compose.filled(REQUIRED)
    assert services[name]["environment"] == services["web"]["environment"]
    assert set(services[name]["environment"]) <= set(settings_read())


@pytest.mark.parametrize("name", sorted(OURS | {"proxy"}))
def test_our_containers_may_not_do_more_than_they_need(name):
    service = compose.raw()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_proxy_sends_streams_and_nothing_else_to_the_server_of_streams():
    rules = compose.raw()["configs"]["proxy"]["content"].replace("$$", "$")
    pattern = re.compile(re.search(r"@streams path_regexp (\S+)", rules)[1])
    paths = [*page_routes("acme"), *api_routes("acme")]
    assert [path for path in paths if pattern.search(path)] == [
        "/w/acme/boards/1/stream/",
        "/w/acme/cards/stream/",
        "/api/v1/workspaces/acme/boards/1/stream/",
        "/api/v1/workspaces/acme/cards/stream/",
    ]
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert pattern.pattern in page


def test_the_database_is_migrated_before_anything_uses_it():
    services = compose.raw()["services"]
    assert services["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}
    for name in OURS - {"migrate"}:
        done = {"condition": "service_completed_successfully"}
        assert services[name]["depends_on"]["migrate"] == done


def test_what_has_to_last_lies_on_volumes():
    services = compose.raw()["services"]
    assert services["db"]["volumes"] == ["database:/var/lib/postgresql"]  # 18: not .../data
    assert services["redis"]["volumes"] == ["queue:/data"]
    assert {"data", "database", "queue"} == set(compose.raw()["volumes"])


def test_redis_keeps_what_it_was_told_and_never_throws_a_key_away():
    command = " ".join(compose.filled(REQUIRED)["redis"]["command"])
    for words in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass inside"):
        assert words in command


def test_the_image_runs_as_an_ordinary_user_and_without_node():
    last = dockerfile().split("\nFROM ")[-1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert not re.search(r"\b(node|npm)\b", last)
    assert "requirements/prod.txt" in dockerfile()


def test_everything_that_the_image_copies_is_there_and_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile(), re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source == "." or f"!{source.split('/')[0]}" in ignored
    for app in (
        "connectors",
        "goals",
        "metrics",
        "mops",
        "reports",
        "tasks",
        "workspaces",
        "templates",
    ):
        assert f"!{app}" in ignored
