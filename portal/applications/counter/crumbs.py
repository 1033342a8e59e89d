"""Where somebody is at the counter."""

from portal.applications.cases.models import Application

from .steps import href_of

HOME = ("企业办事", "/desk/")


def crumbs_of(application: Application, *last: str) -> list[tuple[str, str | None]]:
    title = f"{application.get_kind_display()} {application.number}"
    href = href_of(application, "case") if last else None
    return [HOME, (title, href), *((label, None) for label in last)]


def title_of(application: Application) -> str:
    """Of a claim what was typed: the name in the register is not the claimant's to read."""
    if application.kind == Application.Kind.REGISTER or application.enterprise is None:
        return application.values.get("name") or application.uscc
    return application.enterprise.name
