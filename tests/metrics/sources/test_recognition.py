"""Exports are known by their header; each trap is read as documented, asked about, or refused."""

import pytest

from metrics.operations.import_runs import run_waiting
from metrics.operations.imports import Plan, map_import
from metrics.queries.imports import problems_of
from metrics.rules.faults import Unreadable
from metrics.rules.presets.catalogue import PRESETS
from metrics.sources.recognition import recognise
from metrics.sources.spool import Paths, spool
from tests.make.imports import bring, clock
from tests.make.spooled import spooled_rows
from tests.make.workspaces import NOON

GOOGLE = (
    "Campaign performance\n1 January 2026 - 29 May 2026\n"
    "Campaign,Campaign state,Campaign type,Clicks,Impr.,CTR,Currency code,Avg. CPC,Cost,"
    "Conversions,View-through conv.,Cost / conv.,Conv. rate\n"
    'A | b?,Enabled,Search,12,"1,345",0.89%,GBP,0.5,6.00,45.89,0, --, --\n'
    "Total body,Paused,Display, --,7, --,GBP, --,0.10,0.00,0,0.00, --\n"
)
EXPLORATION = (
    "# ----\n# Site\n# Free form-Free form 1\n# 20260723-20260922\n# ----\n\n"
    "Date,Session primary channel group (Default Channel Group),Event count,Active users\n"
    ",,211078,9,Grand total\n20260826,Direct,100,5\n20260827,(not set),11,4\n"
)
RESAVED = (
    "# ------,,,\n# Site,,,\n,,,\n"
    "Session primary channel group (Default channel group),Date + hour (YYYYMMDDHH),Users,"
    "Sessions\n"
    "Direct,2026082614,5,7\n"
)
META = (
    "Account name,Campaign name,Day,Impressions,Frequency,Currency,Amount spent (EUR),Purchases,"
    "Purchases conversion value,Link clicks,Reporting starts,Reporting ends\n"
    "Acme,,2026-01-08,300,1.1,EUR,30.50,2,10,3,2026-01-08,2026-01-08\n"
    "Acme,Spring,2026-01-08,200,1.0,EUR,20.25,,,2,2026-01-08,2026-01-08\n"
    "Acme,Summer,2026-01-08,100,1.0,EUR,10.25,2,10,1,2026-01-08,2026-01-08\n"
)
META_RANGE = (
    "Reporting starts,Reporting ends,Ad name,Results,Result indicator,Reach,Amount spent (CAD),"
    "Impressions\n"
    "2026-01-01,2026-01-31,One,3,actions:lead,90,12.5,100\n"
    "2026-01-01,2026-01-31,Two,8,profile_visit_view,50,2.5,60\n"
)
META_FR = (
    "Jour;Nom de la campagne;Montant dépensé (USD);Impressions\n"
    '01/08/2026;Été;"1 234,56";45012\n02/08/2026;Été;10,00;12\n'
)
META_PT = (
    "Início dos relatórios,Término dos relatórios,Nome da campanha,Valor usado (BRL),Impressões\n"
    '10 de dez. de 2022,10 de dez. de 2022,Verão,"12,50",100\n'
)
META_ES = (
    "Día,Nombre de la campaña,Importe gastado (EUR),Impresiones\n"
    '2026-01-08,,"3,50",30\n2026-01-08,Uno,"1,50",10\n2026-01-08,Dos,"2,00",20\n'
)
LINKEDIN = (
    "Campaign Performance Report (in UTC)\nReport Start: 09/01/2026, Report End: 09/02/2026\n\n"
    "Start Date (in UTC),Account Name,Campaign Name,Campaign ID,Total Spent,Impressions,Clicks,"
    "Clicks to Landing Page,Conversions,Total Conversion Value,Currency\n"
    '09/01/2026,Acme,Spring,1,"1,244.75",1000,10,8,1,50,EUR\n'
    "09/02/2026,Acme,Spring,1,100,900,9,7,0,0,EUR\n"
    "09/02/2026,Acme,-,2,7,7,7,7,0,0,EUR\n"
    'Total,,,,"1,344.75",1900,19,15,1,50,\n'
)
DEALS = (
    "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Last Activity Date\n"
    "1,One,closedwon,100.5,Ann,2024-02-01 09:30,2024-02-03 10:00\n"
    "2,Two,qualifiedtobuy,50,Bob,2024-02-02 09:30,\n"
)
CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Create Date\n"
    "1,Ann,A,a@example.com,,2024-02-01 09:30\n2,Bob,B,b@example.com,,2024-02-02 09:30\n"
)
SALESFORCE = (
    '"Opportunity Owner","Opportunity Name","Stage","Amount Currency","Amount","Close Date"\n'
    '"x","a\nstreet","Closed Won","EUR","1,000.50","2/21/2018"\n'
    '"x","b","Lost","EUR","7","12/31/2018"\n"Total","","","","1,007.50",""\n\n'
    '"Grand Totals (2 records)"\n\n"Confidential Information - Do Not Distribute"\n'
)
MAILCHIMP = (
    'Title,Subject,List,"Send Date","Send Weekday","Total Recipients","Successful Deliveries",'
    '"Unique Opens","Open Rate","Unique Clicks","Click Rate","Unique Id","Total Revenue",'
    '"Analytics ROI"\n'
    '"[06-10-18] x","S","L","Jun 09, 2018 09:30 pm",Saturday,110,108,30,27.78%,7,6.48%,17671f6028,'
    "0,n/a\n"
)


@pytest.fixture
def file(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "upload.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return write


def read(path, answers=None, preset=""):
    """The rows of a file that was recognised: (day, span, {metric: value of the last decimal})."""
    found = recognise(path, answers, preset)
    mapping = found.required()
    decimals = {entry.key: entry.decimals for entry in mapping.create}
    paths = Paths(path)
    spooled = spool(paths, mapping, decimals, lambda _rows, _bytes: None)
    assert spooled.rejected == 0, spooled.faults
    keys = [entry.metric for entry in mapping.metrics]
    rows = [
        (str(row.day), row.span, {keys[order]: value for order, value in row.values})
        for row in spooled_rows(paths)
    ]
    return found.preset.name, rows


def sums(rows):
    found = {}
    for _day, _span, values in rows:
        for key, value in values.items():
            found[key] = found.get(key, 0) + value
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_google_ads_in_british_form_without_totals(file, encoding):
    content = GOOGLE if encoding != "utf-16" else GOOGLE.replace(",", "\t").replace('"', "")
    content = content.replace("1\t345", "1,345")
    name, rows = read(file(content, encoding))
    assert name == "google_ads"
    assert {(day, span) for day, span, _values in rows} == {("2026-05-29", 149)}
    found = sums(rows)
    assert found["google_ads_impressions"] == 1352
    assert found["google_ads_clicks"] == 12  # the other is missing, which is not zero
    assert (found["google_ads_cost"], found["google_ads_conversions"]) == (610, 4589)


def test_two_currencies_are_never_added(file):
    path = file(GOOGLE.replace("7, --,GBP", "7, --,EUR"))
    found = recognise(path)
    assert [fault.code for fault in found.faults] == ["ask_currency"]
    _name, rows = read(path, {"currency": "GBP"})
    assert sums(rows)["google_ads_cost"] == 600


def test_an_exploration_without_its_grand_total_of_one_field_more(file):
    name, rows = read(file(EXPLORATION))
    assert name == "ga4_exploration"
    assert [(day, values["ga4_events"]) for day, _span, values in rows] == [
        ("2026-08-26", 100),
        ("2026-08-27", 11),
    ]


def test_an_exploration_that_a_spreadsheet_saved_again(file):
    name, rows = read(file(RESAVED))
    assert (name, rows[0][0], rows[0][2]["ga4_sessions"]) == ("ga4_exploration", "2026-08-26", 7)


def test_meta_by_day_without_the_row_of_the_account(file):
    name, rows = read(file(META))
    assert name == "meta_ads"
    assert sums(rows) == {
        "meta_impressions": 300, "meta_link_clicks": 3, "meta_spend": 3050, "meta_purchases": 2,
        "meta_purchase_value": 1000,
    }  # fmt: skip


def test_meta_of_a_range_stands_on_its_last_day(file):
    found = recognise(file(META_RANGE))
    assert found.mapping.day.spanned
    assert "Results" not in found.mapping.columns
    assert {entry.currency for entry in found.mapping.create} == {"", "CAD"}
    _name, rows = read(file(META_RANGE))
    assert [(day, span) for day, span, _values in rows] == [("2026-01-31", 31)] * 2


@pytest.mark.parametrize(
    ("content", "day", "spend"),
    [
        (META_FR, "2026-08-01", 124456),
        (META_PT, "2022-12-10", 1250),
        (META_ES, "2026-01-08", 350),
    ],
)
def test_meta_in_other_languages(file, content, day, spend):
    name, rows = read(file(content))
    assert (name, rows[0][0], sums(rows)["meta_spend"]) == ("meta_ads", day, spend)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_linkedin_below_its_title_without_total(file, encoding):
    name, rows = read(file(LINKEDIN, encoding))
    assert name == "linkedin"
    found = sums(rows)
    assert (found["linkedin_spend"], found["linkedin_clicks"]) == (134475, 19)


def test_linkedin_with_a_row_for_the_whole_report_covers_it(file):
    content = LINKEDIN.replace("09/02/2026,Acme,Spring", "09/01/2026,Acme,Winter")
    content = content.replace("09/02/2026,Acme,-", "09/01/2026,Acme,-")
    _name, rows = read(file(content))
    assert {(day, span) for day, span, _values in rows} == {("2026-09-02", 2)}


def test_hubspot_deals_are_dated_by_their_closing(file):
    name, rows = read(file(DEALS))
    assert (name, len(rows), sums(rows)["hubspot_deal_amount"]) == ("hubspot_deals", 2, 15050)


@pytest.mark.django_db
def test_a_deal_without_a_closing_day_is_named_and_no_total(ed):
    run = bring(ed, DEALS.replace("2024-02-02 09:30", ""))
    map_import(run, plan=Plan(None), by=ed, at=NOON)
    run_waiting(clock=clock)
    run.refresh_from_db()
    told = [(found.code, found.row, found.column) for found in problems_of(run)]
    assert (run.rejected, told) == (1, [("no_day", 3, "Close Date")])


def test_hubspot_contacts_are_counted_by_creation_or_asked_about(file):
    name, rows = read(file(CONTACTS))
    assert (name, sums(rows)) == ("hubspot_contacts", {"hubspot_contacts": 2})
    undated = "\n".join(line.rpartition(",")[0] for line in CONTACTS.splitlines()) + "\n"
    assert [fault.code for fault in recognise(file(undated)).faults] == ["ask_day"]
    _name, rows = read(file(undated), {"day": "2026-05-29"})
    assert {day for day, _span, _values in rows} == {"2026-05-29"}


def test_salesforce_with_currency_total_and_footer(file):
    name, rows = read(file(SALESFORCE, "iso8859-1"))
    assert name == "salesforce_opportunities"
    assert sums(rows)["salesforce_amount"] == 100_750
    assert sums(rows)["salesforce_won"] == 1


def test_salesforce_rows_are_known_by_their_id_or_replace_their_days(file):
    found = recognise(file(SALESFORCE)).required()
    assert (found.key, found.mode) == ((), "replace_days")
    with_ids = SALESFORCE.replace('"Opportunity Owner"', '"Opportunity ID"')
    found = recognise(file(with_ids)).required()
    assert (found.key, found.mode) == (("Opportunity ID",), "")


def test_days_that_read_two_ways_are_asked_about(file):
    path = file(SALESFORCE.replace("2/21/2018", "2/11/2018").replace("12/31/2018", "12/10/2018"))
    found = recognise(path)
    assert [fault.code for fault in found.faults] == ["ask_day_format"]
    _name, rows = read(path, {"day_format": "%d/%m/%Y"})
    assert rows[0][0] == "2018-11-02"


def test_mailchimp_in_its_full_form(file):
    name, rows = read(file(MAILCHIMP))
    assert (name, rows[0][0]) == ("mailchimp", "2018-06-09")
    assert sums(rows)["mailchimp_unique_clicks"] == 7


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('Email Campaign Report\n"Title:","x"\n"Delivery Date/Time:","y"\n', "one_campaign"),
        ("a,b\n1,2\n", "not_recognised"),
        ("# --\n# Overview\n# Start date: 20260101\n\nNth week,New users\n0001,5\n",
         "not_recognised"),
        (GOOGLE.replace("1 January 2026 - 29 May 2026", "All time"), "ask_day_all_time"),
        (GOOGLE.replace("1 January 2026 - 29 May 2026", "whenever"), "ask_day"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_with_the_reason(file, content, code):
    found = recognise(file(content))
    assert [fault.code for fault in found.faults] == [code]
    with pytest.raises(Unreadable):
        found.required()


def test_a_named_preset_reads_a_file_that_is_never_recognised(file):
    content = "Date,Playbook,Impressions,Sends,Conversations,Emails captured,Meetings\n"
    path = file(content + "2026-01-05,Hello,100,50,20,5,2\n")
    assert recognise(path).mapping is None
    name, rows = read(path, preset="drift")
    assert (name, sums(rows)["drift_meetings"]) == ("drift", 2)


@pytest.mark.parametrize(
    ("answers", "preset", "code"),
    [
        ({"colour": "red"}, "", "no_question"),
        ({"section": "two"}, "", "answer_is_no_number"),
        ({"span": "0"}, "", "answer_is_no_number"),
        ({}, "nothing", "no_preset"),
        ({}, "mailchimp", "not_this_preset"),
    ],
)
def test_wrong_answers_and_presets_are_named(file, answers, preset, code):
    with pytest.raises(Unreadable) as refusal:
        recognise(file(GOOGLE), answers, preset).required()
    assert refusal.value.faults[0].code == code


def test_no_preset_imports_a_rate():
    rates = ("ctr", "rate", "frequency", "avg", "cpc", "cpm")
    for preset in PRESETS.values():
        for measure in preset.measures:
            assert not any(word in measure.key.split("_") for word in rates), measure.key


def test_days_that_no_tool_writes_are_read_where_they_read_one_way(file):
    table = "Date,Campaign,Impressions,Clicks,Cost\n{},a,10,1,1\n{},a,10,1,1\n"
    _name, rows = read(file(table.format("01/02/2026", "13/02/2026")))
    assert [day for day, _span, _values in rows] == ["2026-02-01", "2026-02-13"]
    [fault] = recognise(file(table.format("Apr 1", "May 2"))).faults
    assert (fault.code, fault.column, fault.pointer) == ("ask_year", "Date", "/answers/year")
    _name, rows = read(file(table.format("Feb 29", "May 2")), {"year": "2024"})
    assert [day for day, _span, _values in rows] == ["2024-02-29", "2024-05-02"]
    both = recognise(file(table.format("1/2", "2/3")))
    assert [fault.code for fault in both.faults] == ["ask_day_format", "ask_year"]
    assert both.draft.day.format == "%d/%m"
