from .acts import Action, ListingStatus, ReasonCode
from .batches import NATIONAL, Batch, BatchEntry, SerialCounter
from .holds import Hold
from .lines import LINE_MODELS, CertificateLine, EnterpriseLine, Line, ProductLine
from .redacted_values import RedactedValue
from .sought import SoughtNumber

__all__ = [
    "LINE_MODELS",
    "NATIONAL",
    "Action",
    "Batch",
    "BatchEntry",
    "CertificateLine",
    "EnterpriseLine",
    "Hold",
    "Line",
    "ListingStatus",
    "ProductLine",
    "ReasonCode",
    "RedactedValue",
    "SerialCounter",
    "SoughtNumber",
]
