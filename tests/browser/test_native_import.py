"""A native export dropped onto the page is recognised, read and described, in every look."""

import pytest

from metrics.models.imports import ImportRun
from tests.browser.support import LOOKS, axe, settled, shoot, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPORT = (
    'Campaign report\\n"July 8, 2025 - July 31, 2025"\\n'
    "Campaign,Campaign type,Clicks,Impr.,CTR,Currency code,Cost\\n"
    'Spring | a very long campaign name,Search,12,"1,345",0.89%,EUR,6.00\\n'
    "Summer,Search, --,7, --,EUR,0.10\\nTotal: Campaigns, --,12,1352,0.89%,EUR,6.10\\n"
)
DROP = f"""() => {{
  const held = new DataTransfer();
  held.items.add(new File(['{EXPORT}'], "report.csv", {{ type: "text/csv" }}));
  document.body.dispatchEvent(new DragEvent("drop", {{ dataTransfer: held, bubbles: true }}));
}}"""


@pytest.mark.parametrize("name", LOOKS)
def test_a_dropped_export_is_recognised(screen, ed, name):
    page = screen(ed, **LOOKS[name])
    page.goto("/w/acme/imports/new/")
    settled(page)
    shoot(page, f"native-new-{name}")
    with page.expect_navigation():
        page.evaluate(DROP)
    settled(page)
    run = ImportRun.objects.get()
    assert page.url.endswith(f"/imports/{run.pk}/columns/")
    assert page.locator("[name=fixed_day]").input_value() == "2025-07-31"
    shoot(page, f"native-columns-{name}", full=True)
    assert not sideways(page)
    axe(page)
