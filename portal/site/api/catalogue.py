"""The kinds that the interface has. Their places are parts of positions that were given out: new ones go to the end."""

from .batches import Batches
from .kinds import Kind
from .records import ActivityKind, LetterKind, NoticeKind, RegionKind
from .registers import Certificates, Enterprises, Products

KINDS: tuple[Kind, ...] = (
    Enterprises(),
    Certificates(),
    Products(),
    Batches(),
    NoticeKind(),
    LetterKind(),
    ActivityKind(),
    RegionKind(),
)
BY_NAME = {kind.name: kind for kind in KINDS}
