"""The unified social credit code: the one field whose value is a verdict, since a doubtful code may be accepted by hand."""

from dataclasses import dataclass

from catalog.fields.field import Field
from catalog.fields.invalid import InvalidValue
from catalog.fields.printed import refuse_rounded
from portal.core.text import uscc


@dataclass(frozen=True)
class CodeField(Field):
    """What is typed between and around the 18 characters goes, seen or not: none of it can pass for one of them."""

    def read(self, raw: str) -> uscc.Verdict | None:
        verdict: uscc.Verdict | None = super().read(
            uscc.normalise(raw) if len(raw) <= self.typed_limit else raw
        )
        return verdict


def code(text: str) -> uscc.Verdict:
    """The verdict on a code; a doubtful one is for those who can compare it with the licence."""
    refuse_rounded(text)
    verdict = uscc.verdict(text)
    if not verdict.is_valid and not verdict.may_be_overridden:
        raise InvalidValue(code_rule(verdict), reason=verdict.reason)
    return verdict


def code_rule(verdict: uscc.Verdict) -> str:
    return f"uscc-{verdict.rule.replace('_', '-')}"
