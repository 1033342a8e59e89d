"""Tags of the import desk."""

from django import template
from django.utils.safestring import SafeString

from catalog.imports.desk.states import STATUS
from catalog.imports.models import ImportRun
from portal.core.pages.templatetags.pages import status

register = template.Library()


@register.simple_tag
def run_status(run: ImportRun) -> SafeString:
    return status(STATUS[ImportRun.State(run.state)], run.get_state_display(), big=True)
