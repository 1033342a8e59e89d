"""Which draft something goes into: one that is open, or a new one."""

from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import NATIONAL, Batch
from catalog.publication.publishers import publisher_names
from catalog.regions.models import RegionVersion
from portal.core.accounts.models import User
from portal.core.workflow import NotAllowed


def compiled_publishers(user: User) -> list[str]:
    """Publishers whose batches the person may compile: all, or those of the grants."""
    scopes = user.scopes("batches.compile")
    if scopes is not None:
        return sorted({f"{code[:2]}0000" for code in scopes})
    pilots = RegionVersion.objects.current().standing().pilots()
    return [NATIONAL, *pilots.order_by("page").values_list("page_id", flat=True)]


def draft_choices(user: User) -> list[tuple[str, str]]:
    """Open drafts first, then new ones of every kind that has none. Values are read by `publisher_of` and `draft_of`."""
    names = publisher_names()
    publishers = compiled_publishers(user)
    drafts = [
        draft
        for draft in Batch.objects.filter(state=Batch.State.DRAFT).order_by("publisher", "kind")
        if user.may("batches.compile", draft.scope_division)
    ]
    open_kinds = {(draft.publisher, draft.kind) for draft in drafts}
    present = [
        (f"{draft.publisher}:{draft.kind}", f"{draft.title}（{draft.slug}，编制中）") for draft in drafts
    ]
    new = [
        (f"{publisher}:{kind}", f"新开：{names.get(publisher, publisher)}·{kind.label}")
        for publisher in publishers
        for kind in Batch.Kind
        if (publisher, kind) not in open_kinds
    ]
    return present + new


def publisher_of(choice: str) -> str:
    return choice.partition(":")[0]


def draft_of(choice: str, *, by: User) -> Batch:
    """The publisher's one draft of that kind, opened when there is none. Raises NotAllowed."""
    publisher, _, kind = choice.partition(":")
    if kind not in Batch.Kind.values:
        raise NotAllowed("batch.kind", "没有这种批次。")
    return current_draft(publisher, kind, by=by)
