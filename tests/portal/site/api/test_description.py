"""The description says what the interface does: every answer is as it promises, whatever is asked."""

from urllib.parse import quote

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from catalog.publication.publishing.redaction import redact
from portal.site.api.catalogue import KINDS
from tests.catalog.publication.stories import act, announce, change
from tests.events.activities.make import publish_activity
from tests.events.commitments.make import publish_letter
from tests.make import make_product, make_region, make_requirement, publish_products

from .programs import ask, make_notice, number_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TRIES = 3  # an operation; `schemathesis run http://…/api/v1/openapi.json` tries as many as one likes


@pytest.fixture(autouse=True)
def world(settings):
    settings.API_PER_MINUTE = 100_000
    product, removed = make_product(), make_product()
    publish_products(product, removed)
    publish_products(make_product(requirement=make_requirement()), publisher="350000")
    make_region()
    make_notice(activities=[], batches=["2026-1"])
    publish_letter()
    publish_activity()
    announce(make_product())
    change(product, name="改名")
    act(removed)
    redact(f"product/{number_of(product)}/national", "brand", basis="当事人申请")


def test_every_answer_is_as_the_description_says(client):
    said = ask(client, "/api/v1/openapi.json")

    def is_as(name: str, answer: dict) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": said["components"]}
        errors = [str(error) for error in jsonschema_rs.validator_for(schema).iter_errors(answer)]
        assert errors == [], name

    is_as("root", ask(client, "/api/v1/"))
    is_as("changes", ask(client, "/api/v1/changes?since=0&limit=500"))
    is_as("problem", ask(client, "/api/v1/products?colour=red", 400))
    for asked in (
        "",
        "?count=enterprises&rows=category&columns=province",
        "?count=certificates&star=3&versus=1",
    ):
        is_as("figures", ask(client, f"/api/v1/figures{asked}"))
    for kind in KINDS:
        whole = "?validity=all" if kind.name in ("products", "enterprises") else ""
        answer = ask(client, f"/api/v1/{kind.name}{whole}")
        is_as(f"{kind.name}_list", answer)
        for row in answer["rows"]:
            number = row.get("uscc") if kind.name == "enterprises" else row.get("number")
            if kind.name == "certificates":
                number = f"{row['body_code']}/{row['certificate']}"
            is_as(f"{kind.name}_record", ask(client, f"/api/v1/{kind.name}/{number}"))


def through(client):
    """The site as a WSGI application that stays in the transaction of its test."""

    def application(environ, start_response):
        address = quote(environ["PATH_INFO"].encode("latin-1"))
        asked = {
            "QUERY_STRING": environ.get("QUERY_STRING", "")
        }  # no header: what is packed is not unpacked here
        response = client.generic(environ["REQUEST_METHOD"], address, **asked)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]

    return application


def test_made_up_questions_are_answered_or_refused_as_described(client):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", through(client))
    for operation in described.get_all_operations():

        @given(case=operation.ok().as_strategy())
        @settings(
            max_examples=TRIES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answered(case):
            # A day that has not come is described like every other.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        answered()
