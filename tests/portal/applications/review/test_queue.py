"""The queue: counters, filters that all hold together, nonsense told, the same number of queries for one case and twenty."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.review import deciding
from portal.core.editions import clock
from tests.make import make_division, make_enterprise, make_user
from tests.portal.applications.making import make_owner

from .cast import QUEUE, page_of, read, sign_in, submitted

pytestmark = pytest.mark.django_db


def counts(client) -> dict[str, int]:
    """The numbers above the queue, by what each leads to."""
    response = client.get(QUEUE)
    return {counter.waits: counter.count for counter, _href in response.context["counters"]}


def numbers(client, **query) -> set[str]:
    response = client.get(QUEUE, query)
    assert response.status_code == 200, response.content.decode()
    return {case.number for case in response.context["cl"].result_list}


def of_region(code: str, name: str):
    division = make_division(code, name)
    return submitted(by=make_owner(make_enterprise(division=division)))


def test_the_counters_tell_who_has_to_act(client):
    reviewer = sign_in(client, "reviewer")
    waiting, late, returned = submitted(), submitted(), submitted()
    Application.objects.filter(pk=late.pk).update(clock_on=datetime.date(2020, 1, 6))
    deciding.send_back(returned, by=reviewer, reasons=[Reason("number", "differs")])
    assert counts(client) == {"mine": 2, "enterprise": 1, "late": 1, "opinion": 0}
    assert numbers(client, waits="mine") == {waiting.number, late.number}
    assert numbers(client, waits="enterprise") == {returned.number}
    assert numbers(client, waits="late") == {late.number}
    page = read(client, "/admin/")
    assert "申报待我处理" in page
    assert "申报已逾期" in page
    assert f"{QUEUE}?waits=late" in page


def test_the_working_group_waits_for_the_opinion_of_a_region_that_has_an_officer(client):
    make_division("350000", "福建省")
    officer = make_user("pilot_officer:350000")
    case = submitted()
    sign_in(client, "reviewer")
    assert numbers(client, waits="opinion") == {case.number}
    client.force_login(officer)
    assert counts(client)["opinion"] == 1
    assert counts(client)["mine"] == 0
    client.post(page_of(case, "opinion"), {"is_favourable": "yes", "text": ""})
    assert counts(client)["opinion"] == 0


def test_the_oldest_case_stands_first(client):
    new, old = submitted(), submitted()
    Application.objects.filter(pk=old.pk).update(clock_on=clock.today() - datetime.timedelta(days=30))
    sign_in(client, "reviewer")
    page = read(client, QUEUE)
    assert page.index(old.number) < page.index(new.number)


def test_each_filter_lets_something_out_and_all_hold_together(client):
    reviewer = sign_in(client, "reviewer", first_name="我")
    there, here = of_region("330000", "浙江省"), of_region("350000", "福建省")
    claim, colleague = submitted("register"), make_user("reviewer")
    Application.objects.filter(pk=there.pk).update(assigned_to=colleague, clock_on=datetime.date(2020, 1, 6))
    Application.objects.filter(pk=here.pk).update(assigned_to=reviewer, is_recheck=True)
    Application.objects.filter(pk=claim.pk).update(is_disputed=True)
    every = {there.number, here.number, claim.number}
    assert numbers(client) == every
    assert numbers(client, region="330000") == {there.number}
    assert numbers(client, region="350000") == {here.number, claim.number}
    assert numbers(client, kind="register") == {claim.number}
    assert numbers(client, category=here.items.get().category.code) == {there.number, here.number}
    assert numbers(client, age="5") == {there.number}
    assert numbers(client, assigned="me") == {here.number}
    assert numbers(client, assigned="others") == {there.number}
    assert numbers(client, assigned="nobody") == {claim.number}
    assert numbers(client, mark="recheck") == {here.number}
    assert numbers(client, mark="disputed") == {claim.number}
    assert numbers(client, state="submitted") == every
    assert numbers(client, state="approved") == set()
    assert numbers(client, region="350000", kind="product") == {here.number}
    assert numbers(client, region="350000", kind="product", assigned="others") == set()
    assert numbers(client, q=there.uscc) == {there.number}
    assert numbers(client, q=here.enterprise.name) == {here.number}


def test_what_is_over_is_listed_when_it_is_asked_for(client):
    reviewer = sign_in(client, "reviewer")
    waiting, over = submitted(), submitted()
    deciding.reject(over, by=reviewer, reasons=[Reason("all", "not_eligible")])
    assert numbers(client) == {waiting.number}
    assert "只列未办结的" in read(client, QUEUE)
    assert numbers(client, kind="product") == {waiting.number}
    assert numbers(client, state="rejected") == {over.number}
    assert numbers(client, state="every") == {waiting.number, over.number}
    assert numbers(client, q=over.number) == {over.number}


def test_a_colleagues_case_stays_in_sight(client):
    case = submitted()
    Application.objects.filter(pk=case.pk).update(assigned_to=make_user("reviewer", first_name="病假中"))
    sign_in(client, "reviewer")
    assert case.number in numbers(client, waits="mine")
    assert "病假中" in read(client, QUEUE)


@pytest.mark.parametrize("query", ["waits=nobody", "region=999999", "colour=red", "kind=register&age=2"])
def test_nonsense_in_the_address_is_told(client, query):
    sign_in(client, "reviewer")
    response = client.get(f"{QUEUE}?{query}")
    assert response.status_code == 400
    assert query.rpartition("&")[2].partition("=")[2] in response.content.decode() or "colour" in query


@pytest.mark.parametrize("words", ["a\x00b", "长" * 10_000])
def test_a_search_for_what_no_database_takes_is_told(client, words):
    sign_in(client, "reviewer")
    assert client.get(QUEUE, {"q": words}).status_code == 400


@pytest.mark.parametrize("words", ["<b>某</b>", "%_\\", "𠮷", "=1+1", "' OR 1=1"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(client, words):
    submitted()
    sign_in(client, "reviewer")
    assert numbers(client, q=words) == set()


def test_empty_selects_of_the_filter_form_say_nothing(client):
    case = submitted()
    sign_in(client, "reviewer")
    assert numbers(client, waits="", region="", kind="product", q="") == {case.number}


def test_the_number_of_queries_does_not_grow_with_the_cases(client):
    sign_in(client, "reviewer")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(client, QUEUE)
        return len(asked)

    submitted()
    queries()
    one = queries()
    for _ in range(6):
        submitted()
    submitted("register")
    assert queries() == one


def test_a_formula_in_a_name_is_shown_as_it_was_typed(client):
    case = submitted("register")
    Application.objects.filter(pk=case.pk).update(values={**case.values, "name": "=1+1<b>某</b>"})
    sign_in(client, "reviewer")
    page = read(client, QUEUE)
    assert "=1+1&lt;b&gt;某&lt;/b&gt;" in page
