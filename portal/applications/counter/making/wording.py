"""The text that a commitment is signed under."""

from events.commitments.models import TemplateVersion
from portal.applications.cases.models import Application


def current_wording() -> TemplateVersion | None:
    return TemplateVersion.objects.current().standing().order_by("template_id").first()


def template_of(application: Application) -> TemplateVersion | None:
    """The wording that this case is about; None where the case is no commitment.

    What is not handed in yet is signed under the present wording, also where a draft was begun under an older one.
    """
    if application.kind != Application.Kind.COMMITMENT:
        return None
    named = application.values.get("template_version")
    every = TemplateVersion.objects.all()
    wordings = every.current().standing() if application.is_editable else every
    found = wordings.filter(pk=named).first() if named else None
    return found or current_wording()
