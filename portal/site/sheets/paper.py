"""The sheet as a PDF: set by typst, with its proofs attached, sealed by the site."""

from pathlib import Path

from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.signing import checkpoint
from portal.core.editions.digest import canonical
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import newest_edition
from portal.core.typesetting import qr_code, typeset
from portal.site.log.proofs import proof_of

from .showing import Shown

LAYOUT = Path(__file__).parent / "sheet.typ"
_set: Memory[bytes] = Memory(8 * MEGABYTE)


def sealed_pdf(shown: Shown) -> bytes:
    """Kept for whoever asks again, until anything is published: setting one takes a processor half a second, and what was
    redacted since stands on none."""
    from .sealing import seal  # a third of all that a process would read before it serves its first page

    key = shown.sheet.code, shown.sheet.at, shown.fingerprint, shown.is_demonstration, newest_edition()
    return _set.kept(key, lambda: seal(typeset(LAYOUT, paper_of(shown))))


def paper_of(shown: Shown) -> dict:
    drawn = shown.drawn
    return {
        "demonstration": shown.is_demonstration,
        "asked": drawn.asked,
        "moment": shown.moment,
        "edition": shown.edition_words,
        "word": drawn.word,
        "sentence": drawn.sentence,
        "facts": drawn.facts,
        "states": [[one.matter, one.word, one.who, one.since] for one in drawn.states],
        "check": drawn.check,
        "looked": drawn.looked,
        "groups": [[f"{one.word}（{len(one.numbers)} 个）", one.numbers] for one in drawn.groups],
        "crowd": shown.crowd,
        "number": shown.sheet.edition,
        "head": shown.grouped_head,
        "fingerprint": shown.grouped_fingerprint,
        "host": shown.host,
        "short": shown.sheet.shown_code,
        "qr": qr_code(shown.address),
        "files": attached(shown),
    }


def attached(shown: Shown) -> list[list[str]]:
    """Names and contents: a proof for each line that the sheet rests on, and the checkpoint of now."""
    files = [
        [f"proof-{place}.json", canonical(proof_of(line)).decode() + "\n"]
        for place, line in enumerate(shown.drawn.lines, start=1)
    ]
    try:
        return [*files, ["checkpoint.txt", checkpoint()]]
    except CannotSign:
        return files
