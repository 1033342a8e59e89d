"""A draft that something is still being put into, or taken out of, goes nowhere until that has come to its end."""

from portal.core.workflow import NotAllowed

from ..models import Batch

UNFINISHED = (
    "导入「{name}」还没有办完，批次里只有它的一部分。请等它办完，或到「导入」里继续或整体撤回，再办这一步。"
)


def unfinished_import(batch: Batch) -> str:
    """The sentence for a draft with a part of an import in it, else nothing."""
    run = batch.imports.unfinished().select_related("file").first()  # type: ignore[attr-defined]
    return UNFINISHED.format(name=run.file.name) if run else ""


def refuse_unfinished(batch: Batch) -> None:
    """Asked with the batch locked, which every step of an import locks too. Raises NotAllowed."""
    if refusal := unfinished_import(batch):
        raise NotAllowed("batch.import_unfinished", refusal)
