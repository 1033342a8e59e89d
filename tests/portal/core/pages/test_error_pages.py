"""Error pages in the look of the house."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory, override_settings
from django.urls import include, path

import portal.urls
from portal.core.pages.parameters import BadParameter, Query


def bad(request):
    raise BadParameter.one(Query.of(request), "star", "9")


def forbidden(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("broken on purpose")


def missing(request):
    raise Http404


urlpatterns = [
    path("bad/", bad),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("missing/", missing),
    path("", include(portal.urls)),
]
handler400 = portal.urls.handler400


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/bad/?star=9", 400, "没有「9」这个值"),
        ("/forbidden/", 403, "没有权限"),
        ("/missing/", 404, "没有这一页"),
        ("/nowhere/", 404, "/nowhere/"),
    ],
)
def test_an_error_is_told_in_words_and_in_the_look(client, address, status, words):
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "公共信息发布平台" in page
    assert 'class="foot"' in page


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_bad_parameter_offers_the_mended_address(client):
    assert 'href="/bad/?q=x"' in client.get("/bad/?star=9&q=x").content.decode()


def unreachable(execute, sql, params, many, context):
    raise OperationalError("the database is down")


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/bad/?star=9", 400, "没有「9」这个值"),
        ("/forbidden/", 403, "没有权限"),
        ("/missing/", 404, "没有这一页"),
        ("/broken/", 500, "本站出错了"),
    ],
)
def test_error_pages_need_no_database(client, address, status, words):
    client.raise_request_exception = False
    with connection.execute_wrapper(unreachable):
        response = client.get(address)
    assert response.status_code == status
    assert words in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_breakdown_is_told_without_the_database(client):
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "本站出错了" in response.content.decode()


def test_the_page_of_a_breakdown_needs_no_request():
    assert "12315" in get_template("500.html").render()


@pytest.mark.django_db
def test_an_expired_form_is_told():
    page = get_template("403_csrf.html").render({}, RequestFactory().get("/"))
    assert "没有提交" in page
