"""Who may open and press what at the counter: every address, for everybody who might try."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.applications.cases.models import Act, Application, Document, Item, UnsavedForm
from portal.applications.counter import urls
from portal.applications.counter.reach import PRESSES

from .world import WHO, World

pytestmark = pytest.mark.django_db

#                       visitor owner editor reader stranger officer auditor
READ = """
home                    200 200 200 200 200 200 200
find                    302 200 200 200 200 200 200
workbook_template       302 200 200 200 200 200 200
ics                     404 404 404 404 404 404 404
invitation              302 410 410 410 410 410 410
enterprise              302 200 200 200 404 404 404
enterprise_products     302 200 200 200 404 404 404
begin                   302 200 200 403 404 404 404
people                  302 200 200 200 404 404 404
calendar                302 200 200 200 404 404 404
case                    302 200 200 200 404 404 404
fill                    302 200 200 302 404 404 404
products                302 200 200 403 404 404 404
line                    302 200 200 403 404 404 404
workbook                302 200 200 403 404 404 404
workbook_found          302 200 200 403 404 404 404
workbook_marked         302 400 400 403 404 404 404
papers                  302 200 200 403 404 404 404
paper                   302 200 200 200 404 404 404
letter                  302 404 404 404 404 404 404
hand_in                 302 200 200 403 404 404 404
take_back               302 200 200 403 404 404 404
sent                    302 200 200 200 404 404 404
begin_registration      405 405 405 405 405 405 405
change_role             405 405 405 405 405 405 405
end_membership          405 405 405 405 405 405 405
cancel_invitation       405 405 405 405 405 405 405
revoke_calendar         405 405 405 405 405 405 405
copy_line               405 405 405 405 405 405 405
remove_line             405 405 405 405 405 405 405
workbook_take           405 405 405 405 405 405 405
remove_paper            405 405 405 405 405 405 405
discard                 405 405 405 405 405 405 405
support                 405 405 405 405 405 405 405
message                 405 405 405 405 405 405 405
"""

# A POST without content by those who may change nothing. A form of a case without its key belongs to nobody.
PRESS = """
begin                   302 403 404 404 404
people                  302 403 404 404 404
fill                    302 403 404 404 404
products                302 403 404 404 404
line                    302 403 404 404 404
workbook                302 403 404 404 404
papers                  302 403 404 404 404
hand_in                 302 403 404 404 404
take_back               302 403 404 404 404
copy_line               302 403 404 404 404
remove_line             302 403 404 404 404
workbook_take           302 403 404 404 404
remove_paper            302 403 404 404 404
discard                 302 403 404 404 404
support                 302 403 404 404 404
message                 302 403 404 404 404
change_role             302 403 404 404 404
cancel_invitation       302 403 404 404 404
end_membership          302 302 404 404 404
revoke_calendar         302 302 404 404 404
calendar                302 200 404 404 404
"""
LOCKED_OUT = ("visitor", "reader", "stranger", "officer", "auditor")


def table(text: str) -> dict[str, list[int]]:
    rows = (line.split() for line in text.strip().splitlines())
    return {name: [int(cell) for cell in cells] for name, *cells in rows}


def address(name: str, world: World) -> str:
    route = next(str(one.pattern) for one in urls.urlpatterns if one.name == name)
    filled = re.sub(r"<\w+:(\w+)>", lambda match: str(world.arguments[match[1]]), route)
    return f"/desk/{filled}"


def sign_in(client, world: World, who: str) -> None:
    client.logout()
    if world.people[who] is not None:
        client.force_login(world.people[who])


def test_every_address_of_the_desk_has_its_row():
    names = {one.name for one in urls.urlpatterns}
    assert names == set(table(READ))
    assert set(table(PRESS)) <= names


def test_the_table_of_reading_is_true(client):
    world, wrong = World(), []
    for who in WHO:
        sign_in(client, world, who)
        for name, expected in table(READ).items():
            status = client.get(address(name, world)).status_code
            if status != expected[WHO.index(who)]:
                wrong.append(f"{name} for {who}: {status}, not {expected[WHO.index(who)]}")
    assert not wrong, "\n".join(wrong)


def test_whoever_may_change_nothing_changes_nothing(client):
    world, wrong = World(), []
    before = state_of_all()
    for who in LOCKED_OUT:
        sign_in(client, world, who)
        for name, expected in table(PRESS).items():
            if who == "reader" and name == "end_membership":
                continue  # whoever only reads may leave
            status = client.post(address(name, world)).status_code
            if status != expected[LOCKED_OUT.index(who)]:
                wrong.append(f"{name} for {who}: {status}, not {expected[LOCKED_OUT.index(who)]}")
    assert not wrong, "\n".join(wrong)
    assert state_of_all() == before


def state_of_all() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Application, Item, Document, Act, UnsavedForm)
    ]


def test_whoever_signs_in_after_a_press_comes_to_a_page(client):
    world = World()
    for name in table(PRESS):
        client.logout()
        sent = client.post(address(name, world))
        following = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
        sign_in(client, world, "owner")
        assert client.get(following).status_code == 200, name


def test_the_buttons_are_those_without_a_page():
    assert {name for name, row in table(READ).items() if set(row) == {405}} == PRESSES


def test_nobody_else_reads_the_papers_and_every_look_is_recorded(client):
    from portal.core.audit.models import AuditEvent

    world = World()
    sign_in(client, world, "reader")
    client.get(address("paper", world))
    looked = AuditEvent.objects.get(step="case.document_viewed")
    assert looked.actor_id == world.people["reader"].pk
    sign_in(client, world, "stranger")
    assert client.get(address("paper", world)).status_code == 404
    assert AuditEvent.objects.filter(step="case.document_viewed").count() == 1


def test_who_claims_and_who_owns_do_not_read_each_other(client):
    from tests.portal.applications.making import draft_register

    world = World()
    claimant = world.people["stranger"]
    claim = draft_register(claimant, uscc=world.enterprise.uscc)
    sign_in(client, world, "owner")
    assert client.get(f"/desk/cases/{claim.number}/").status_code == 404
    sign_in(client, world, "stranger")
    assert client.get(f"/desk/cases/{claim.number}/").status_code == 200
    assert client.get(address("case", world)).status_code == 404
