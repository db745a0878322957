"""What the demo team measures, and which tool each number comes from."""

from dataclasses import replace
from datetime import datetime, timedelta

from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric, redefine_metric
from mops.demo_data import HISTORY
from workspaces.models import Membership, Workspace

MAIL, ADS, WEB, CRM = "Mail tool", "Ad platform", "Web analytics", "CRM"
SHEET = "Partner sheet"
ADDITIVE = (  # key, name, unit, decimals, direction, source, description
    ("email_delivered", "E-mails delivered", "count", 0, "up", MAIL, "Sent less bounced."),
    ("email_clicks", "E-mail clicks", "count", 0, "up", MAIL, "All clicks on links in e-mails."),
    ("email_unsubscribes", "Unsubscribes", "count", 0, "down", MAIL, "People who left a list."),
    (
        "email_leads",
        "E-mail leads",
        "count",
        0,
        "up",
        CRM,
        "Forms sent after a click in a mail.",
    ),
    (
        "nurture_mails",
        "Nurture mails",
        "count",
        0,
        "up",
        MAIL,
        "Delivered nurture mails.",
    ),
    ("nurture_replies", "Nurture replies", "count", 0, "up", MAIL, "Answers written by a person."),
    ("ad_impressions", "Ad impressions", "count", 0, "up", ADS, "How often an ad was shown."),
    ("ad_clicks", "Ad clicks", "count", 0, "up", ADS, "Clicks on paid search ads."),
    ("ad_cost", "Ad cost", "currency", 2, "down", ADS, "What the clicks cost, net."),
    ("ad_leads", "Ad leads", "count", 0, "up", CRM, "Forms sent after a click on an ad."),
    ("social_visits", "Social visits", "count", 0, "up", WEB, "Visits that came from networks."),
    ("qualified_leads", "Qualified leads", "count", 0, "up", CRM, "Leads that sales accepted."),
    ("webinar_signups", "Webinar sign-ups", "count", 0, "up", CRM, "People who signed up."),
    ("webinar_attendees", "Webinar attendees", "count", 0, "up", CRM, "People who came."),
    ("partner_leads", "Partner leads", "count", 0, "up", SHEET, "Partners count them by week."),
)
STAGES = {  # the journey of a letter
    "email_delivered": "awareness",
    "email_clicks": "consideration",
    "email_leads": "decision",
}
OTHERS = (  # those of other kinds, with the tool that they come from
    (
        Definition(
            key="list_contacts", name="Contacts", kind="last",
            description="People whom we may write to, by list: a level, so the last value counts.",
        ),
        MAIL,
    ),
    (
        Definition(
            key="webinar_guests", name="Webinar guests", kind="unique",
            description="Different people who came, however often.",
        ),
        CRM,
    ),
)  # fmt: skip
SOURCES = {key: source for key, _n, _u, _d, _r, source, _t in ADDITIVE}
SOURCES |= {definition.key: source for definition, source in OTHERS}
LEAD_QUALITY = Definition(
    key="lead_quality", name="Lead quality", kind="derived", unit="percent", decimals=1,
    formula="qualified_leads / email_leads * 100", stage="decision",
    description="Qualified leads over leads. Until ads brought many, e-mail leads alone counted.",
)  # fmt: skip
BETTER = "qualified_leads / (email_leads + ad_leads) * 100"
SINCE = timedelta(days=150)  # before the demo is opened, the better formula is in force
RATIOS = (  # key, name, unit, decimals, direction, numerator, denominator, scale, description
    ("email_ctr", "E-mail CTR", "percent", 2, "up", "email_clicks", "email_delivered", "100",
     "Clicks over e-mails delivered. Can pass 100 %: one person may click twice."),
    ("unsubscribe_rate", "Unsubscribe rate", "percent", 2, "down", "email_unsubscribes",
     "email_delivered", "100", "People who left over e-mails delivered."),
    ("nurture_reply_rate", "Nurture reply rate", "percent", 1, "up", "nurture_replies",
     "nurture_mails", "100", "Replies over nurture mails delivered."),
    ("cost_per_lead", "Cost per lead", "currency", 2, "down", "ad_cost", "ad_leads", "1",
     "Ad cost over ad leads."),
    ("ad_ctr", "Ad CTR", "percent", 2, "up", "ad_clicks", "ad_impressions", "100",
     "Ad clicks over impressions."),
)  # fmt: skip


def define(workspace: Workspace, people: dict[str, Membership], *, at: datetime) -> None:
    """Write down every metric of the demo."""
    by = people["manager"]
    for key, name, unit, decimals, direction, _source, text in ADDITIVE:
        definition = Definition(
            key=key,
            name=name,
            kind="additive",
            stage=STAGES.get(key, ""),
            unit=unit,
            decimals=decimals,
            direction=direction,
            currency="EUR" if unit == "currency" else "",
            description=text,
        )
        define_metric(workspace, definition=definition, by=by, at=at)
    for definition, _source in OTHERS:
        define_metric(workspace, definition=definition, by=by, at=at)
    for key, name, unit, decimals, direction, above, below, scale, text in RATIOS:
        definition = Definition(
            key=key,
            name=name,
            kind="ratio",
            unit=unit,
            decimals=decimals,
            direction=direction,
            currency="EUR" if unit == "currency" else "",
            numerator=above,
            denominator=below,
            scale=scale,
            description=text,
        )
        define_metric(workspace, definition=definition, by=by, at=at)
    quality = define_metric(workspace, definition=LEAD_QUALITY, by=by, at=at)
    redefine_metric(
        quality,
        definition=replace(LEAD_QUALITY, formula=BETTER),
        version=1,
        since=workspace.day_of(at) + HISTORY - SINCE,
        by=by,
        at=at,
    )
