"""What is kept of checkpoints: the public keys that signed them, and what others witnessed."""

from django.db import models

from portal.core.audit.models import AppendOnly

from .notes import VerifierKey


class LogKey(AppendOnly):
    """A public key that signs, or signed. It is good from its row to the next one."""

    key = models.CharField("公钥", max_length=400, unique=True)
    size = models.PositiveIntegerField("自第几版")
    at = models.DateTimeField("启用时间", auto_now_add=True)
    reason = models.CharField("更换原因", max_length=200, blank=True)
    endorsement = models.TextField("原钥匙的签署", blank=True)

    class Meta:
        verbose_name = "签名公钥"
        verbose_name_plural = "签名公钥"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey.read(self.key)


class KeptCheckpoint(AppendOnly):
    """A checkpoint that others witnessed, as it was signed. Two of one size would be a fork."""

    size = models.PositiveIntegerField("版数", primary_key=True)
    note = models.TextField("检查点")

    class Meta:
        verbose_name = "检查点"
        verbose_name_plural = "检查点"

    def __str__(self) -> str:
        return f"第{self.size}版"


class Cosignature(models.Model):
    """That a witness saw the log grow, and by nothing else, up to this checkpoint. The newest of each size is kept."""

    checkpoint = models.ForeignKey(KeptCheckpoint, models.PROTECT, related_name="cosignatures")
    witness = models.CharField("见证方", max_length=400)
    at = models.DateTimeField("见证时间")
    line = models.CharField("签名", max_length=600)

    class Meta:
        verbose_name = "见证签名"
        verbose_name_plural = "见证签名"
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_once_a_size")
        ]

    def __str__(self) -> str:
        return f"{self.witness} {self.checkpoint_id}"


class Timestamp(AppendOnly):
    """That a checkpoint existed at a moment, said by a timestamping authority (RFC 3161)."""

    checkpoint = models.ForeignKey(KeptCheckpoint, models.PROTECT, related_name="timestamps")
    at = models.DateTimeField("时间")
    authority = models.CharField("时间戳机构", max_length=200)
    answer = models.BinaryField("时间戳")

    class Meta:
        verbose_name = "时间戳"
        verbose_name_plural = "时间戳"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.authority} {self.at:%Y-%m-%d %H:%M}"
