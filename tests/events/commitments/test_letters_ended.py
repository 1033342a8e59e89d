"""A letter is signed for a campaign: what names no last day of its own ends with it."""

import datetime

import pytest
import time_machine

from catalog.campaigns.models import CampaignVersion
from events.commitments.models import LetterVersion, Signatory
from events.commitments.personal import Signatories
from tests.make import make_campaign, make_campaign_page, make_product, publish_products, publish_version

from .make import publish_letter

pytestmark = pytest.mark.django_db
SIGNED = datetime.date(2022, 6, 6)
LAST = datetime.date(2022, 12, 31)


@pytest.fixture
def campaign():
    with time_machine.travel(datetime.datetime(2022, 3, 1, 4, tzinfo=datetime.UTC), tick=False):
        page = make_campaign_page(
            make_campaign(slug="2022", name="2022年活动", from_on=datetime.date(2022, 3, 1), until_on=LAST)
        )
        return page.campaign


def signed(**changes):
    with time_machine.travel(datetime.datetime(2022, 6, 6, 4, tzinfo=datetime.UTC), tick=False):
        return publish_letter(**{"signed_on": SIGNED} | changes)


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def head_of(page: str) -> str:
    return page.split("<h1>")[1].split("签署信息")[0]


def test_it_has_ended_with_its_campaign_and_says_by_which_rule(client, campaign):
    letter = signed(campaign=campaign)
    page = text(client, f"/commitments/{letter.letter_id}/")
    assert "到期" in head_of(page)
    assert "有效期至 2022" not in head_of(page)  # no source says so
    assert "来源没有写期限" in page
    assert "2022年活动到 2022年12月31日 为止" in page.replace('<time datetime="2022-12-31">', "").replace(
        "</time>", ""
    )


def test_list_filter_and_table_count_it_as_ended(client, campaign):
    signed(campaign=campaign, party_name="示例乙建材有限公司")
    signed(party_name="示例丙建材有限公司")
    assert "1 份承诺书" in text(client, "/commitments/?state=expired")
    assert "示例丙" not in text(client, "/commitments/?state=expired")
    assert "示例丙" in text(client, "/commitments/?state=in_force")
    assert "示例乙" not in text(client, "/commitments/?state=in_force")
    assert '<a href="/commitments/?state=expired&amp;year=2022">1</a>' in text(client, "/commitments/")


def test_it_stood_on_the_last_day_of_the_campaign(client, campaign):
    letter = signed(campaign=campaign)
    address = f"/commitments/{letter.letter_id}/"
    assert "有效" in head_of(text(client, f"{address}?as_of=2022-12-31"))
    assert "到期" not in head_of(text(client, f"{address}?as_of=2022-12-31"))
    assert "到期" in head_of(text(client, f"{address}?as_of=2023-01-01"))


def test_what_the_letter_says_itself_outranks_the_campaign(client, campaign):
    letter = signed(campaign=campaign, valid_until=datetime.date(2099, 12, 31))
    page = text(client, f"/commitments/{letter.letter_id}/")
    assert "到期" not in head_of(page)
    assert "来源没有写期限" not in page


def test_only_an_end_that_was_published_counts(client, campaign):
    letter = signed(campaign=campaign)
    page = CampaignVersion.objects.current().get()
    extended = CampaignVersion(
        **{name: getattr(page, name) for name in CampaignVersion.own_fields()},
        campaign=campaign,
        key=page.key,
        replaces=page,
        change_note="活动延长",
    )
    extended.until_on = datetime.date(2099, 12, 31)
    extended.state = "draft"
    extended.save()
    address = f"/commitments/{letter.letter_id}/"
    assert "到期" in head_of(text(client, address))
    publish_version(extended)
    assert "到期" not in head_of(text(client, address))
    assert "到期" in head_of(
        text(client, f"{address}?edition={extended.from_edition_id - 1}&as_of=2026-01-01")
    )


def test_the_page_of_its_enterprise_says_the_same(client, campaign):
    product = make_product()
    publish_products(product)
    signed(campaign=campaign, uscc=product.enterprise.uscc)
    page = text(client, f"/enterprises/{product.enterprise.uscc}/")
    assert "到期" in page.split("2022年6月6日签署")[1].split("</li>")[0]


def test_who_signed_is_forgotten_three_years_after_the_campaign(campaign):
    letter = signed(campaign=campaign)
    Signatory.objects.create(letter=letter.letter, name="张三丰")
    assert not Signatories().due(datetime.date(2025, 12, 29)).exists()
    assert Signatories().due(datetime.date(2026, 1, 2)).exists()
    assert LetterVersion.objects.current().get().standing_at(LAST) == "in_force"
