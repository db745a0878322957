"""The wizard: upload, columns, check, import; and each bad file with its message and status."""

import io
import json
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.import_runs import run_waiting
from tests.make.imports import FILE, MAPPING, bring, check_file, clock, import_file

pytestmark = pytest.mark.django_db
BIG = 1000


def url(name, run=None):
    kwargs = {"slug": "acme"} | ({"pk": run.pk} if run else {})
    return reverse(f"metrics:{name}", kwargs=kwargs)


def send(client, content, name="ads.csv", **more):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(url("import_new"), {"file": SimpleUploadedFile(name, data), **more})


def form_of(page):
    """What the browser would send of the mapping form as it stands."""
    html = page.content.decode()
    html = html[html.index('id="mapping"') : html.index("Check the whole file")]
    values = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        if name:
            value = re.search(r'value="([^"]*)"', tag)
            box = 'type="checkbox"' in tag
            if not box or " checked" in tag:
                values[name[1]] = unescape(value[1]) if value else "on" if box else ""
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        values[name] = (chosen or first)[1]
    return values


def test_the_check_warns_of_days_that_would_count_twice(ed, client_of):
    import_file(ed)
    by_device = MAPPING | {"dims": {"device": {"column": "device"}}}
    run = check_file(ed, FILE.replace("channel", "device"), by_device)
    page = client_of(ed).get(url("import_check", run)).content.decode()
    assert "other spans: Clicks (2 days), Cost (2 days). Go back and say" in page


def test_a_file_walks_through_the_wizard(ed, client_of):
    client = client_of(ed)
    answer = send(client, FILE)
    run = ImportRun.objects.get()
    assert answer.status_code == 302
    assert answer.url == url("import_map", run)
    page = client.get(answer.url)
    assert page.status_code == 200
    values = form_of(page)
    assert values["c0-role"] == "day"
    assert (values["c1-role"], values["c1-dim"]) == ("dim", "channel")
    assert (values["c2-role"], values["c2-metric"], values["c2-name"]) == ("metric", "+", "Clicks")
    assert (values["c3-role"], values["c3-decimals"]) == ("metric", "2")
    preview = client.post(url("import_preview", run), values)
    assert preview.status_code == 200
    assert "1.5" in preview.content.decode()
    answer = client.post(url("import_map", run), values)
    assert (answer.status_code, answer.url) == (302, url("import_check", run))
    page = client.get(answer.url)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    assert client.get(url("import_progress", run)).status_code == 200
    run_waiting(clock=clock)
    assert client.get(url("import_progress", run)).url == url("import_check", run)
    page = client.get(url("import_check", run))
    assert "Every row can be read" in page.content.decode()
    assert not Observation.objects.exists()
    answer = client.post(url("import_run", run))
    assert (answer.status_code, answer.url) == (302, url("import_run_page", run))
    assert "Cancel the import" in client.get(answer.url).content.decode()
    run_waiting(clock=clock)
    page = client.get(url("import_run_page", run))
    assert "See the metric" in page.content.decode()
    assert (
        reverse("metrics:metric", kwargs={"slug": "acme", "key": "clicks"}) in page.content.decode()
    )
    assert Observation.objects.count() == 6
    assert set(Metric.objects.values_list("key", flat=True)) == {"clicks", "cost"}


def test_the_mapping_that_was_used_can_be_kept_and_used_again(ed, client_of):
    run = import_file(ed)
    client = client_of(ed)
    kept = client.get(url("import_mapping", run))
    assert kept["Content-Disposition"] == f'attachment; filename="mapping-{run.pk}.json"'
    document = SimpleUploadedFile("m.json", kept.content)
    answer = send(client, FILE + "2020-02-01,mail,1,1\n", mapping=document)
    again = ImportRun.objects.latest("pk")
    values = form_of(client.get(answer.url))
    assert (values["c2-metric"], values["source"]) == ("clicks", "ads")
    assert client.post(url("import_map", again), values).status_code == 302
    run_waiting(clock=clock)
    assert ImportRun.objects.latest("pk").details["effect"] == {
        "new": 2,
        "changed": 0,
        "unchanged": 6,
    }


@pytest.mark.parametrize(
    ("name", "content", "described"),
    [
        ("ads-2020-02 (1).csv", FILE, True),
        ("leads.csv", FILE, False),
        ("ads.csv", FILE.replace("cost", "spend"), False),
    ],
)
def test_the_next_export_starts_from_the_last_description(ed, client_of, name, content, described):
    first = import_file(ed)
    first.mapping["source"] = "the ad account"
    first.save()
    client = client_of(ed)
    page = client.get(send(client, content, name=name).url)
    assert ("Described as you described" in page.content.decode()) is described
    assert (form_of(page)["source"] == "the ad account") is described
    anew = client.get(url("import_map", ImportRun.objects.latest("pk")), {"guess": "1"})
    assert form_of(anew)["source"] in {"ads", "leads"}


def test_a_mapping_document_stands_in_for_the_form(ed, client_of):
    run = bring(ed)
    document = SimpleUploadedFile("m.json", json.dumps(MAPPING).encode())
    answer = client_of(ed).post(url("import_document", run), {"mapping": document})
    assert (answer.status_code, answer.url) == (302, url("import_check", run))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"version":1}', "/source"),
        (b'{"version": 1, "version": 1}', "/version This key comes twice."),
        (b'{"\\ud800": 1, "\\ud800": 1}', "/? This key comes twice."),
        (b'{"\\ud800": 1}', "/? This text holds half of a letter"),
        (json.dumps(MAPPING | {"colour": 1}).encode(), "/colour"),
        (json.dumps(MAPPING | {"day": {"column": "date"}}).encode(), "no column “date”"),
        (json.dumps(MAPPING | {"create": []}).encode(), "no metric “clicks”"),
        (b"", "empty"),
    ],
)
def test_a_mapping_document_that_cannot_be_used_is_told(ed, client_of, document, words):
    run = bring(ed)
    held = SimpleUploadedFile("m.json", document)
    answer = client_of(ed).post(url("import_document", run), {"mapping": held})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "uploaded"


def test_who_undoes_an_import_is_told_that_its_metrics_stay(acme, ed, client_of, api_of):
    run, again = import_file(ed), import_file(ed, FILE.replace("10", "11"))
    later = again.finished_at + timedelta(seconds=1)
    ImportRun.objects.filter(pk=again.pk).update(started_at=later, finished_at=later)
    client, api = client_of(ed), api_of(ed)
    told = "2 metrics that it defined stay."
    assert told in client.get(url("import_run_page", run)).content.decode()
    assert "that it defined" not in client.get(url("import_run_page", again)).content.decode()
    address = "/api/v1/workspaces/acme/imports/{}/"
    assert api.get(address.format(run.pk)).json()["defined"] == ["clicks", "cost"]
    assert api.get(address.format(again.pk)).json()["defined"] == []


def xlsx():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"day,clicks\n", "no row below it"),
        (bytes(range(256)) * 9, "binary"),
        (xlsx(), "This is an Excel workbook (XLSX)"),
        (b"%PDF-1.4", "PDF"),
        (b"day,clicks\n2020-01-01,1\n2020-01", "ends in the middle of row 3"),
        (b'day,clicks\n2020-01-01,"1\n', "inside a quotation that begins in row 2"),
        (b"day\n" + b"x" * 3_000_000, "longer than 1000000 characters"),
    ],
)
def test_a_file_that_is_no_csv_is_told_and_leaves_nothing(ed, client_of, settings, content, words):
    answer = send(client_of(ed), content)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not list((settings.MEDIA_ROOT / "imports").rglob("*"))[1:]


def test_F03_a_file_past_the_limit_is_refused_with_413_naming_the_limit(ed, client_of, settings):
    settings.MAX_IMPORT_BYTES = 2_000_000
    answer = send(client_of(ed), b"day,clicks\n" + b"2020-01-01,1\n" * 200_000)
    assert answer.status_code == 413
    assert "1.9\u00a0MB" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_F03_a_file_that_hides_its_size_is_refused_with_413(ed, client_of, settings):
    settings.MAX_IMPORT_BYTES = 2_000_000
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        + b"2020-01-01,1\n" * 200_000
        + b"\r\n--x--\r\n"
    )
    answer = client_of(ed).generic(
        "POST",
        url("import_new"),
        body,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="900000000",
    )
    assert answer.status_code == 413


def test_no_file_is_told_at_the_field(ed, client_of):
    answer = client_of(ed).post(url("import_new"), {})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x.csv", "/etc/x", ".env", "CON", "a\u202egpj.csv", "x" * 300],
)
def test_F01_the_name_of_the_file_is_never_a_path(ed, client_of, settings, name):
    held = SimpleUploadedFile("x.csv", FILE.encode())
    held._name = name
    client_of(ed).post(url("import_new"), {"file": held})
    run = ImportRun.objects.get()
    assert re.fullmatch(rf"imports/{ed.workspace_id}/[0-9a-f]{{32}}\.csv", run.file)
    assert "/" not in run.file_name
    assert "\\" not in run.file_name
    assert "\u202e" not in run.file_name
    assert len(run.file_name) <= 200


def test_rejected_rows_are_shown_and_can_be_left_out(ed, client_of):
    run = check_file(ed, FILE + '2020-01-09,mail,"=cmd|x",1\n')
    client = client_of(ed)
    page = client.get(url("import_check", run)).content.decode()
    assert "Some rows cannot be read" in page
    assert "“=cmd|x” is not a number." in page
    assert client.post(url("import_run", run)).status_code == 422
    assert client.post(url("import_run", run), {"skip_bad_rows": "1"}).status_code == 302
    run_waiting(clock=clock)
    assert Observation.objects.count() == 6


def test_I06_the_report_of_rejected_rows_is_no_formula(ed, client_of):
    run = check_file(ed, FILE + "2020-01-09,mail,=1+1,1\n2020-01-10,mail,-5x,-5x\n-5,mail,1,1\n")
    answer = client_of(ed).get(url("import_rejects", run))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0] == '"Row","Column","Value","Code","Reason"'
    assert lines[1] == '"5","clicks","\'=1+1","not_a_number","“=1+1” is not a number."'
    assert [line.split(",")[2] for line in lines[2:]] == ['"\'-5x"', '"\'-5x"', '"-5"']


def test_the_form_says_what_is_missing(ed, client_of):
    run = bring(ed)
    client = client_of(ed)
    values = form_of(client.get(url("import_map", run)))
    answer = client.post(url("import_map", run), values | {"c0-role": ""})
    assert answer.status_code == 400
    assert "Say which column holds the day." in answer.content.decode()
    answer = client.post(url("import_map", run), values | {"c2-role": "", "c3-role": ""})
    assert "Say which column holds the values of a metric." in answer.content.decode()
    answer = client.post(url("import_map", run), values | {"c2-name": ""})
    assert "Name the new metric." in answer.content.decode()
    answer = client.post(url("import_map", run), values | {"day_format": "%Q"})
    assert "no format of a day" in answer.content.decode()
    answer = client.post(url("import_map", run), values | {"c3-unit": "currency"})
    assert answer.status_code == 400
    assert 'id="id_currency-error"' in answer.content.decode()


def test_the_preview_shows_what_is_wrong_with_a_row(ed, client_of):
    run = bring(ed, "day,clicks\n2020-01-01,1\nsoon,ten\n2020-01-03,\n")
    values = {
        "source": "x", "decimal": ".", "encoding": "utf-8", "delimiter": ",", "header_row": "1",
        "c0-role": "day", "c1-role": "metric", "c1-metric": "+", "c1-name": "Clicks",
        "c1-unit": "count",
    }  # fmt: skip
    html = client_of(ed).post(url("import_preview", run), values).content.decode()
    assert "“soon” is not a day" in html
    assert "“ten” is not a number." in html
    assert "no data" in html


def test_another_encoding_is_asked_for_by_the_address(ed, client_of):
    run = bring(ed, "żółw;n\n2020-01-01;1\n".encode("cp1250"))
    client = client_of(ed)
    assert "żółw" in client.get(url("import_map", run)).content.decode()
    page = client.get(url("import_map", run) + "?encoding=cp1252&delimiter=;")
    assert "¿ó³w" in page.content.decode()
    assert form_of(page)["encoding"] == "cp1252"
    wrong = client.get(url("import_map", run) + "?encoding=utf-8").content.decode()
    assert "Row 1 cannot be read as utf-8." in wrong
    assert "Choose another encoding." in wrong


def test_an_import_can_be_cancelled_from_its_page(ed, client_of):
    run = check_file(ed)
    client = client_of(ed)
    client.post(url("import_run", run))
    assert client.post(url("import_cancel", run)).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not Observation.objects.exists()
    assert client.post(url("import_cancel", run)).status_code == 422


POSTS = ("import_map", "import_preview", "import_document", "import_run", "import_cancel")
GETS = ("import_check", "import_run_page", "import_progress", "import_mapping", "import_rejects")


def test_a_viewer_may_look_and_not_touch(ed, vi, client_of):
    run = import_file(ed)
    client = client_of(vi)
    assert client.get(url("imports")).status_code == 200
    assert client.get(url("import_new")).status_code == 403
    assert send(client, FILE).status_code == 403
    for name in POSTS:
        assert client.post(url(name, run)).status_code == 403
    for name in GETS:
        assert client.get(url(name, run)).status_code in (200, 302)


def test_F07_a_stranger_finds_nothing(ed, sam, client_of):
    run = import_file(ed)
    client = client_of(sam)
    for name in GETS:
        assert client.get(url(name, run)).status_code == 404
        own = url(name, run).replace("/acme/", f"/{sam.workspace.slug}/")
        assert client.get(own).status_code == 404
    for name in POSTS:
        assert (
            client.post(url(name, run).replace("/acme/", f"/{sam.workspace.slug}/")).status_code
            == 404
        )
    run.refresh_from_db()
    assert run.state == "done"


def test_the_list_asks_the_same_number_of_questions_for_any_length(
    ed, client_of, django_assert_max_num_queries, django_assert_num_queries
):
    client = client_of(ed)
    import_file(ed)
    client.get(url("imports"))
    with django_assert_max_num_queries(20) as few:
        client.get(url("imports"))
    for number in range(9):
        import_file(ed, FILE + f"2020-03-{number + 10},x,1,1\n")
    with django_assert_num_queries(len(few)):
        assert client.get(url("imports")).content.decode().count("ads.csv") >= 10


def test_a_column_that_nobody_wants_much_of_is_proposed_as_lower_is_better(ed, client_of):
    client = client_of(ed)
    content = "day,clicks,hard_bounces\n2020-01-01,5,1\n2020-01-02,6,0\n"
    values = form_of(client.get(send(client, content).url))
    assert (values["c1-direction"], values["c2-direction"]) == ("up", "down")
    run = ImportRun.objects.latest("pk")
    assert client.post(url("import_map", run), values).status_code == 302
    run_waiting(clock=clock)
    client.post(url("import_run", run))
    run_waiting(clock=clock)
    directions = dict(Metric.objects.values_list("key", "direction"))
    assert directions == {"clicks": "up", "hard_bounces": "down"}
