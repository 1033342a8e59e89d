"""What is still missing, each with the place where it is mended."""

from dataclasses import dataclass

from portal.applications.cases.models import Application
from portal.applications.cases.workflow.handing_in import missing

from .. import steps
from ..sections import names_of


@dataclass(frozen=True)
class Lack:
    sentence: str
    href: str


def lacks_of(application: Application) -> list[Lack]:
    return [Lack(one.sentence, place_of(application, one.field)) for one in missing(application)]


def place_of(application: Application, field: str) -> str:
    """The page, and the field on it, where something is filled in."""
    if field.startswith("documents"):
        purpose = field.partition(".")[2]
        return steps.href_of(application, steps.PAPERS) + (f"#paper-{purpose}" if purpose else "")
    if field.startswith("items"):
        return steps.href_of(application, steps.PRODUCTS)
    anchor = f"#id_{field}" if field in names_of(application.kind) else ""
    check = "" if application.state == Application.State.RETURNED else "?check=1"
    return f"{steps.href_of(application, steps.FILL)}{check}{anchor}"
