"""The lock of the registers, fourth in the order of locks (see `portal.core.editions`)."""

from ..models import Batch, SerialCounter


def lock_registers() -> SerialCounter:
    """Hold the registers until the transaction ends: nobody else freezes, drops, redacts or imports meanwhile."""
    SerialCounter.objects.get_or_create(pk=1, defaults={"last": 0})
    return SerialCounter.objects.select_for_update().get(pk=1)


def lock_drafts_and_registers() -> None:
    """For a case that is decided: which drafts it reaches shows only later, so all are held, in their order."""
    list(Batch.objects.select_for_update().filter(state=Batch.State.DRAFT).order_by("pk").values_list("pk"))
    lock_registers()
