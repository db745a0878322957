"""Advertising: Google Ads, Meta Ads, LinkedIn, and tables of no tool in particular."""

from metrics.rules.daymaps import ISO
from metrics.rules.money import SIGNS
from metrics.rules.presets.preset import TOTALS, Labels, Measure, Preset, english

_CAMPAIGN: Labels = {
    "en": ("Campaign",), "de": ("Kampagne",), "es": ("Campaña",), "fr": ("Campagne",),
    "pl": ("Kampania",), "pt": ("Campanha",), "it": ("Campagna",),
}  # fmt: skip
_SHOWN: Labels = {
    "en": ("Impr.", "Impressions"), "de": ("Impr.", "Impressionen"), "es": ("Impr.", "Impresiones"),
    "fr": ("Impr.", "Impressions"), "pl": ("Wyśw.", "Wyświetlenia"),
    "pt": ("Impr.", "Impressões"), "it": ("Impr.", "Impressioni"),
}  # fmt: skip
_CLICKS: Labels = {
    "en": ("Clicks",), "de": ("Klicks",), "es": ("Clics",), "fr": ("Clics",),
    "pl": ("Kliknięcia",), "pt": ("Cliques",), "it": ("Clic",),
}  # fmt: skip
_COST: Labels = {
    "en": ("Cost",), "de": ("Kosten",), "es": ("Coste", "Costo"), "fr": ("Coût",),
    "pl": ("Koszt",), "pt": ("Custo",), "it": ("Costo",),
}  # fmt: skip
_CONVERSIONS: Labels = {
    "en": ("Conversions",), "de": ("Conversions",), "es": ("Conversiones",),
    "fr": ("Conversions",), "pl": ("Konwersje",), "pt": ("Conversões",), "it": ("Conversioni",),
}  # fmt: skip
_DAY: Labels = {
    "en": ("Day", "Date"), "de": ("Tag", "Datum"), "es": ("Día", "Fecha"), "fr": ("Jour", "Date"),
    "pl": ("Dzień", "Data"), "pt": ("Dia", "Data"), "it": ("Giorno", "Data"),
}  # fmt: skip
_CURRENCY: Labels = {
    "en": ("Currency code", "Currency"), "de": ("Währungscode", "Währung"),
    "es": ("Código de moneda", "Moneda", "Divisa"), "fr": ("Code de devise", "Devise"),
    "pl": ("Kod waluty", "Waluta"), "pt": ("Código da moeda", "Moeda"),
    "it": ("Codice valuta", "Valuta"),
}  # fmt: skip
_FORMATS = {
    "en": (ISO, "%b %d, %Y"), "de": (ISO, "%d.%m.%Y"), "es": (ISO, "%d/%m/%Y"),
    "fr": (ISO, "%d/%m/%Y"), "pl": (ISO, "%d.%m.%Y"),
    "pt": (ISO, "%d/%m/%Y", "%d de %b de %Y"), "it": (ISO, "%d/%m/%Y"),
}  # fmt: skip


def _money(key: str, name: str, labels: Labels, *, decimals: int = 2, up: bool = False) -> Measure:
    direction = "up" if up else "down"
    return Measure(key, name, labels, unit="currency", decimals=decimals, direction=direction)


GOOGLE_ADS = Preset(
    name="google_ads",
    title="Google Ads: campaign report",
    source="google ads",
    needs=(_CAMPAIGN, _SHOWN, _COST, _CURRENCY),
    day=_DAY,
    formats=_FORMATS,
    dims={
        "campaign": _CAMPAIGN,
        "campaign_type": {"en": ("Campaign type",), "de": ("Kampagnentyp",)},
    },
    currency=_CURRENCY,
    measures=(
        Measure("google_ads_impressions", "Google Ads impressions", _SHOWN),
        Measure("google_ads_clicks", "Google Ads clicks", _CLICKS),
        Measure("google_ads_interactions", "Google Ads interactions", english("Interactions")),
        _money("google_ads_cost", "Google Ads cost", _COST),
        Measure("google_ads_conversions", "Google Ads conversions", _CONVERSIONS, "number", 2),
    ),
    left_out="CTR, averages and rates are computed from the counts.",
)
_SPENT: Labels = {
    "en": ("Amount spent ({currency})",), "de": ("Ausgegebener Betrag ({currency})",),
    "es": ("Importe gastado ({currency})",), "fr": ("Montant dépensé ({currency})",),
    "pt": ("Valor usado ({currency})", "Montante gasto ({currency})"),
    "it": ("Importo speso ({currency})",), "pl": ("Wydana kwota ({currency})",),
}  # fmt: skip
_STARTS: Labels = {
    "en": ("Reporting starts",), "de": ("Berichtsbeginn",), "es": ("Inicio del informe",),
    "fr": ("Début des rapports",), "pt": ("Início dos relatórios",),
    "it": ("Inizio dei report",), "pl": ("Początek raportowania",),
}  # fmt: skip
_ENDS: Labels = {
    "en": ("Reporting ends",), "de": ("Berichtsende",), "es": ("Fin del informe",),
    "fr": ("Fin des rapports",), "pt": ("Término dos relatórios", "Encerramento dos relatórios"),
    "it": ("Fine dei report",), "pl": ("Koniec raportowania",),
}  # fmt: skip
_META_CAMPAIGN: Labels = {
    "en": ("Campaign name",), "de": ("Kampagnenname",), "es": ("Nombre de la campaña", "Campaña"),
    "fr": ("Nom de la campagne",), "pt": ("Nome da campanha",), "it": ("Nome della campagna",),
    "pl": ("Nazwa kampanii",),
}  # fmt: skip
META_ADS = Preset(
    name="meta_ads",
    title="Meta Ads Manager",
    source="meta ads",
    needs=(_SPENT,),
    day=_DAY,
    until=_ENDS,
    formats=_FORMATS,
    dims={
        "campaign": _META_CAMPAIGN,
        "ad_set": english("Ad set name"),
        "ad": english("Ad name"),
    },
    skip_empty=(_META_CAMPAIGN, english("Ad set name"), english("Ad name")),
    measures=(
        Measure("meta_impressions", "Meta impressions", _SHOWN),
        Measure(
            "meta_link_clicks",
            "Meta link clicks",
            {
                "en": ("Link clicks",), "de": ("Link-Klicks",), "es": ("Clics en el enlace",),
                "fr": ("Clics sur un lien",), "pt": ("Cliques no link",),
                "it": ("Clic sul link",),
            },
        ),
        Measure("meta_reach", "Meta reach", english("Reach"), kind="unique"),
        _money("meta_spend", "Meta spend", _SPENT),
        Measure("meta_purchases", "Meta purchases", english("Purchases", "Website purchases")),
        _money(
            "meta_purchase_value",
            "Meta purchase value",
            english("Purchases conversion value", "Website purchases conversion value"),
            up=True,
        ),
    ),
    left_out=(
        "Results means something else in each row. Reach is kept as counted for each row: it does "
        "not add up over days."
    ),
)  # fmt: skip
META_RANGES = (_STARTS, _ENDS)
_LINKEDIN_DAY = english("Start Date (in UTC)", "Start Date")
LINKEDIN = Preset(
    name="linkedin",
    title="LinkedIn Campaign Manager",
    source="linkedin",
    needs=(_LINKEDIN_DAY, english("Campaign Name"), english("Total Spent")),
    day=_LINKEDIN_DAY,
    formats={"en": ("%m/%d/%Y", ISO)},
    dims={"campaign": english("Campaign Name"), "campaign_group": english("Campaign Group Name")},
    currency=english("Currency"),
    skip_where=((english("Campaign Name"), ("", "-")),),
    measures=(
        Measure("linkedin_impressions", "LinkedIn impressions", english("Impressions")),
        Measure("linkedin_clicks", "LinkedIn clicks", english("Clicks")),
        Measure(
            "linkedin_landing_clicks",
            "LinkedIn clicks to landing page",
            english("Clicks to Landing Page"),
        ),
        _money("linkedin_spend", "LinkedIn spend", english("Total Spent")),
        Measure(
            "linkedin_conversions", "LinkedIn conversions", english("Conversions"), "number", 2
        ),
        _money(
            "linkedin_conversion_value",
            "LinkedIn conversion value",
            english("Total Conversion Value"),
            up=True,
        ),
        Measure("linkedin_leads", "LinkedIn leads", english("Leads")),
        Measure("linkedin_reactions", "LinkedIn reactions", english("Reactions")),
        Measure("linkedin_comments", "LinkedIn comments", english("Comments")),
        Measure("linkedin_shares", "LinkedIn shares", english("Shares")),
        Measure("linkedin_follows", "LinkedIn follows", english("Follows")),
    ),
    left_out="Reach does not add up over days; averages and rates are computed from the counts.",
)
_REVENUE: Labels = {
    "en": ("Revenue",), "de": ("Umsatz",), "es": ("Ingresos",), "fr": ("Revenu", "Revenus"),
    "pl": ("Przychód",), "pt": ("Receita",), "it": ("Ricavi",),
}  # fmt: skip
ADS_TABLE = Preset(
    name="ads_table",
    title="Advertising table: day, campaign, impressions, clicks, cost",
    source="ads table",
    weak=True,
    needs=(_DAY, _CAMPAIGN, _SHOWN, _CLICKS, _COST),
    day=_DAY,
    formats=_FORMATS,
    dims={
        "campaign": _CAMPAIGN,
        "banner": {"en": ("Ad size", "Banner"), "de": ("Anzeigengröße",)},
    },
    currency=_CURRENCY,
    signs=tuple(SIGNS),
    skip_first_cell=TOTALS,
    measures=(
        Measure("ads_impressions", "Ads impressions", _SHOWN),
        Measure("ads_clicks", "Ads clicks", _CLICKS),
        _money("ads_cost", "Ads cost", _COST, decimals=4),
        Measure("ads_conversions", "Ads conversions", _CONVERSIONS, "number", 2),
        _money("ads_revenue", "Ads revenue", _REVENUE, decimals=4, up=True),
    ),
    left_out="CTR and other rates are computed from the counts.",
)
