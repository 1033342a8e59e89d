"""What this room keeps: clause templates, letters, agreements, adoptions, and claims about organisations."""

from .adoptions import Adoption, AdoptionVersion
from .agreements import Agreement, AgreementVersion
from .claims import Claim, ClaimVersion
from .letters import Letter, LetterVersion, LetterVersionQuerySet, Signatory, Standing
from .templates import ClauseTemplate, TemplateVersion

__all__ = [
    "Adoption",
    "AdoptionVersion",
    "Agreement",
    "AgreementVersion",
    "Claim",
    "ClaimVersion",
    "ClauseTemplate",
    "Letter",
    "LetterVersion",
    "LetterVersionQuerySet",
    "Signatory",
    "Standing",
    "TemplateVersion",
]
