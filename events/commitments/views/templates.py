"""The texts that letters are signed under, and what differs between them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from events.commitments.comparison import compare
from events.commitments.models import TemplateVersion
from portal.core.pages.parameters import BadParameter
from portal.core.pages.reading import PARAMETERS
from portal.core.pages.records import Records

from .letters import LetterPages


class Templates(Records[TemplateVersion]):
    model, what, unit = TemplateVersion, "承诺书文本", "份"
    label, address, template = "承诺书文本", "commitments:templates", "commitments/template"
    trail = ((LetterPages.label, LetterPages.address),)
    order = ("template_id",)

    def told(self, version: TemplateVersion, versions: list[TemplateVersion]) -> dict[str, Any]:
        letters = LetterPages(self.request, self.reading).rows()
        signed = letters.filter(template_version__template=version.template_id)
        return {"wordings": wordings_of(versions), "signed_count": signed.count()}

    def difference(self, number: int) -> HttpResponse:
        """`older` and `newer` are ordinals; without them the newest wording beside the one before it."""
        self.query.refuse_unknown(single=("older", "newer", *PARAMETERS))
        versions = self.versions(number)
        if not versions:
            return self.came_later(number)
        wordings = wordings_of(versions)
        newer = self.wording("newer", wordings, wordings[0])
        older = self.wording("older", wordings, wordings[min(1, len(wordings) - 1)])
        href = self.moment.link(reverse("commitments:template", args=[number]))
        *above, _last = self.crumbs_of(newer)
        context = {
            "older": older,
            "newer": newer,
            "wordings": wordings,
            "rows": compare(older, newer),
            "crumbs": [*above, (newer.title, href), ("比较", None)],
        }
        return self.drawn("difference", context)

    def wording(
        self, name: str, wordings: list[TemplateVersion], default: TemplateVersion
    ) -> TemplateVersion:
        given = self.query.first(name)
        if not given:
            return default
        found = next((one for one in wordings if str(one.ordinal) == given), None)
        if found is None:
            raise BadParameter.one(self.query, name, given, f"没有第「{given}」稿。")
        return found


def wordings_of(versions: list[TemplateVersion]) -> list[TemplateVersion]:
    """One of each ordinal, newest first; a withdrawal says nothing new."""
    return [version for version in versions if not version.is_withdrawn]
