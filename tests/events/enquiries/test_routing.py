"""Whose an enquiry is: the office that it goes to, and the record that it is about."""

import pytest

from events.enquiries.models import Enquiry
from tests.catalog.publication.stories import announce, on
from tests.events.activities.make import make_activity, publish_activity
from tests.events.commitments.make import publish_letter
from tests.make import make_division, make_product, make_region, make_user, publish_products

from .letters import faults, office_of, opened, received, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    return make_division("330000", "浙江省")


def test_a_question_goes_to_the_support_institution(client):
    assert office_of(received(client, "question")[0]) == ("support", "")


def test_a_complaint_goes_to_the_officers_of_its_region_where_there_are_any(client):
    assert office_of(received(client, place="330000")[0]) == ("working_group", "")
    make_user("pilot_officer:330000")
    assert office_of(received(client, place="330000")[0]) == ("pilot", "330000")
    assert office_of(received(client, place="")[0]) == ("working_group", "")


def test_a_complaint_from_the_page_of_a_region_goes_to_its_officers(client):
    make_region("330000", "浙江省")
    make_user("pilot_officer:330000")
    page = client.get("/regions/330000/").content.decode()
    assert 'href="/enquiries/new/complaint/?about=/regions/330000/">在本站投诉举报' in page
    enquiry, _word = received(client, about="/regions/330000/")
    assert office_of(enquiry) == ("pilot", "330000")
    assert enquiry.about_title == "浙江省（地区页面）"


def test_an_officer_whose_account_is_closed_is_nobody(client):
    make_user("pilot_officer:330000", is_active=False)
    assert office_of(received(client, place="330000")[0]) == ("working_group", "")


def test_a_correction_goes_to_whoever_published_the_record(client):
    make_user("pilot_officer:350000")
    national, local = make_product(), make_product()
    publish_products(national)
    publish_products(local, publisher="350000", ordinal=1)
    addresses = [f"/products/{product.lines.get().number}/" for product in (national, local)]
    found = [received(client, "correction", about=address)[0] for address in addresses]
    assert [office_of(enquiry) for enquiry in found] == [("working_group", ""), ("pilot", "350000")]
    assert found[0].about_title.startswith(national.name)
    assert found[1].place == "350000"


def test_a_correction_of_a_record_names_it_and_goes_to_the_region_whose_it_is(client):
    make_user("pilot_officer:330000")
    national = publish_activity(title="全国专场")
    local = publish_activity(title="村里的宣讲", scope="330100")
    letter = publish_letter(party_name="示例甲建材有限公司")
    drafted = make_activity(title="还没公开")
    drafted.save()
    records = (
        (f"/activities/{national.activity_id}/", "全国专场", "working_group"),
        (f"/activities/{local.activity_id}/", "村里的宣讲", "pilot"),
        (f"/commitments/{letter.letter_id}/", "示例甲建材有限公司承诺书", "working_group"),
    )
    for address, title, office in records:
        enquiry, _word = received(client, "correction", about=address)
        assert (enquiry.about_title, enquiry.office) == (title, office)
    response = client.get("/enquiries/new/correction/", {"about": f"/activities/{drafted.activity_id}/"})
    assert response.status_code == 400
    assert "还没公开" not in response.content.decode()


@pytest.mark.parametrize(
    "about",
    [
        "/nowhere/",
        "/admin/",
        "/products/0000001-2/",
        "//evil.example/",
        "https://evil.example/",
        "/enquiries/follow/",
        "javascript:alert(1)",
        "/batches/2020-1/",
        "/\\evil.example",
    ],
)
def test_only_a_public_page_of_this_site_can_be_meant(client, about):
    response = client.get("/enquiries/new/correction/", {"about": about})
    assert response.status_code == 400
    sent_with = sent(client, "correction", form={**opened(client, "correction"), "about": about})
    assert sent_with.status_code == 200
    assert Enquiry.objects.get().about == ""


def test_every_record_page_offers_to_correct_and_to_complain_about_it(client):
    product = make_product()
    batch = publish_products(product)
    number = product.lines.get().number
    for address in (
        f"/products/{number}/",
        f"/enterprises/{product.enterprise.uscc}/",
        f"/batches/{batch.slug}/",
    ):
        page = client.get(address).content.decode()
        assert f'href="/enquiries/new/correction/?about={address}"' in page
        assert f'href="/enquiries/new/complaint/?about={address}"' in page
        form = client.get("/enquiries/new/correction/", {"about": address}).content.decode()
        assert f'<a href="{address}">' in form


def test_an_objection_is_taken_while_its_batch_is_in_notice_and_no_longer(client):
    batch = announce(make_product(), days=7)
    address = f"/batches/{batch.slug}/"
    assert f'href="/enquiries/new/objection/?about={address}"' in client.get(address).content.decode()
    with on(7):
        enquiry, _word = received(client, "objection", about=address)
        form = opened(client, "objection", address)
    assert enquiry.about == address
    with on(8):
        late = sent(client, "objection", form=form, is_proven=False)
        assert late.status_code == 400
        assert "不在公示期内" in faults(late)
        assert "objection/?about" not in client.get(address).content.decode()
    assert sent(client, "objection").status_code == 400
