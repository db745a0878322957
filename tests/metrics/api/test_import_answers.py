"""What an import over REST says of itself, so that nothing is chosen in silence."""

import pytest

from metrics.models.definitions import Metric
from tests.metrics.api.test_imports import send

pytestmark = pytest.mark.django_db


def _ads(source, prefix):
    """A mapping of impressions, clicks and cost, with metrics of the source's own."""
    columns = ("Impressions", "Clicks", "Cost")
    return {
        "version": 1,
        "source": source,
        "day": {"column": "Day", "format": "%Y-%m-%d"},
        "metrics": [{"metric": f"{prefix}_{name.lower()}", "column": name} for name in columns],
        "create": [{"key": f"{prefix}_{name.lower()}", "name": name} for name in columns],
    }


ADS = "Day,Impressions,Clicks,Cost\n2026-10-01,1000,10,5\n"


def test_the_rates_of_a_second_source_get_keys_of_their_own(ed, api_of):
    client = api_of(ed)
    first = send(client, ADS, _ads("google", "g"), rates="all").json()
    assert {"ad_ctr", "cpc", "cpm"} <= set(first["defined"])
    offered = send(client, ADS, _ads("Meta Ads", "m"), dry_run="true").json()["rates"]
    assert {rate["key"]: rate["numerator"] for rate in offered} == {
        "meta_ads_ad_ctr": "m_clicks", "meta_ads_cpc": "m_cost", "meta_ads_cpm": "m_cost",
    }  # fmt: skip
    second = send(client, ADS, _ads("Meta Ads", "m"), rates="cpc,meta_ads_ad_ctr")
    assert second.status_code == 200, second.content
    assert set(second.json()["defined"]) >= {"meta_ads_cpc", "meta_ads_ad_ctr"}
    made = Metric.objects.get(key="meta_ads_cpc")
    assert (made.denominator.key, made.name.endswith("(Meta Ads)")) == ("m_clicks", True)
    again = send(client, ADS, _ads("Meta Ads", "m"), rates="cpc,meta_ads_cpc,ad_ctr,cpm")
    assert again.status_code == 200, again.content
    third = send(client, ADS, _ads("meta-ads", "x"), rates="all").json()
    assert {"meta_ads_cpc_2", "meta_ads_ad_ctr_2"} <= set(third["defined"])
