"""Elder size and high contrast."""

import pytest

pytestmark = pytest.mark.django_db


def test_elder_size_is_one_click_and_stays(client):
    response = client.get("/mode/?size=elder&next=/products/?star=3")
    assert (response.status_code, response["Location"]) == (302, "/products/?star=3")
    assert 'data-size="elder"' in client.get("/").content.decode()


def test_both_modes_can_be_set_and_one_taken_back(client):
    client.get("/mode/?size=elder")
    client.get("/mode/?contrast=high")
    client.get("/mode/?size=normal")
    page = client.get("/").content.decode()
    assert 'data-contrast="high"' in page
    assert "data-size" not in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "javascript:x"]
)
def test_the_way_back_stays_on_this_site(client, target):
    assert client.get("/mode/", {"size": "elder", "next": target})["Location"] == "/"


def test_another_value_is_told(client):
    response = client.get("/mode/?size=huge")
    assert response.status_code == 400
    assert "huge" in response.content.decode()


def test_a_switch_is_no_post(client):
    assert client.post("/mode/?size=elder").status_code == 405


def test_a_forged_cookie_changes_nothing(client):
    client.cookies["size"] = '"><script>'
    page = client.get("/").content.decode()
    assert "data-size" not in page
    assert '"><script>' not in page
