"""The text that a commitment is signed under."""

from events.commitments.models import TemplateVersion
from portal.desk.models import Application


def current_wording() -> TemplateVersion | None:
    return TemplateVersion.objects.current().standing().order_by("template_id").first()


def template_of(application: Application) -> TemplateVersion | None:
    """The wording that this case names; None where the case is no commitment."""
    if application.kind != Application.Kind.COMMITMENT:
        return None
    named = application.values.get("template_version")
    found = TemplateVersion.objects.filter(pk=named).first() if named else None
    return found or current_wording()
