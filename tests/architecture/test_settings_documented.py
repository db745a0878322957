import re
from pathlib import Path

from mops.bootstrap_verify import settings_read

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def tables():
    text = (ROOT / "docs" / "settings.md").read_text()
    ours, _, commands = text.partition("| variable of the two commands |")
    return set(ROW.findall(ours)), set(ROW.findall(commands))


def test_every_setting_is_documented_and_every_documented_one_is_read():
    assert tables()[0] == set(settings_read())


def test_the_two_commands_read_what_the_page_says():
    code = "".join(path.read_text() for path in (ROOT / "mops").glob("bootstrap*.py"))
    read = set(re.findall(r"os\.environ\.get\(\"([A-Z_]+)\"", code)) - set(settings_read())
    assert tables()[1] == read


def test_nothing_else_in_the_apps_reads_the_environment():
    allowed = {"env.py", "asgi.py", "wsgi.py", "celery.py", "prepare_demo.py"}
    apps = ("mops", "workspaces", "metrics", "connectors", "goals", "tasks", "reports")
    offenders = [
        str(path.relative_to(ROOT))
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if "os.environ" in path.read_text() and path.name not in allowed
        if not path.name.startswith("bootstrap")
    ]
    assert offenders == []
