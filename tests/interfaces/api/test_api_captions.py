"""The words below charts that are of no indicator, as the API gives them: two sentences at most."""

import httpx
import pytest

from dashboard.locales import LANGUAGES
from tests.captions import find_caption_faults

pytestmark = pytest.mark.usefixtures("embedded")

CHARTS = (
    "charts/claims.json", "charts/claims.json?rule=operating", "charts/pipeline.json", "charts/lanes.json",
    "charts/corruption.json", "charts/mapping.json?side=goals", "charts/mapping.json?country=KAZ",
    "charts/mapping.json?side=rights&country=AZE", "effects/panel.json?indicator=wgi_cc&country=UZB",
    "effects/gap.json?indicator=wgi_cc&country=AFG", "effects/synthetic.json?indicator=wgi_cc&country=AFG",
    "services/UGA/funnel.json", "services/UGA/like_with_like.json", "services/UGA/calendar.json",
)  # fmt: skip


@pytest.mark.parametrize("address", CHARTS)
async def test_what_is_no_indicator_is_told_in_two_sentences(client: httpx.AsyncClient, address: str) -> None:
    more = "&" if "?" in address else "?"
    for lang in LANGUAGES:
        reply = await client.get(f"/api/v1/{address}{more}lang={lang}")
        assert reply.status_code == 200, reply.text
        assert find_caption_faults(reply.json()["usermeta"]) == [], lang
