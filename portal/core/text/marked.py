"""A new wording of prose with what it changes of the old one marked: `ins` and `del` inside the blocks of the new wording.

Both are sanitised prose. Markup comes from the new wording alone, so that what is drawn is whole; words that went are put where
words may stand.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

_BLOCK = re.compile(r"<(/?)(?:p|h2|h3|blockquote|ul|ol|table)\b[^>]*>")
_TOKEN = re.compile(r"<[^>]+>|&[#\w]+;|[A-Za-z0-9.,%/-]+|\s+|.", re.S)
_FRAME = re.compile(
    r"<(?:table|thead|tbody|tr|ul|ol)\b|</(?:td|th|tr|thead|tbody|caption|li)>"
)  # no words after these
MOST = 4_000  # tokens of a block that are compared one by one: the time grows with their square


def marked(before: str, after: str) -> str:
    """`after` with its changes marked; the same text where nothing differs."""
    old, new = _blocks(before), _blocks(after)
    found: list[str] = []
    for tag, from_a, to_a, from_b, to_b in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += new[from_b:to_b]
        else:
            found += _paired(old[from_a:to_a], new[from_b:to_b])
    return "".join(found)


def _blocks(prose: str) -> list[str]:
    """The outer blocks, and what stands between them. Sanitised prose closes what it opens; lists may lie in lists."""
    found, start, depth = [], 0, 0
    for tag in _BLOCK.finditer(prose):
        depth += -1 if tag[1] else 1
        edge = tag.end() if depth == 0 else tag.start()
        if depth == 0 or (depth == 1 and not tag[1]):
            found.append(prose[start:edge])
            start = edge
    return [block for block in [*found, prose[start:]] if block.strip()]


def _paired(old: list[str], new: list[str]) -> Iterator[str]:
    """Block by block as they stand; what is left over came or went."""
    for before, after in zip(old, new, strict=False):
        yield (
            _changed(before, after)
            if _kind(before) == _kind(after)
            else _all(before, "del") + _all(after, "ins")
        )
    yield from (_all(block, "del") for block in old[len(new) :])
    yield from (_all(block, "ins") for block in new[len(old) :])


def _kind(block: str) -> str:
    return block[:3]


def _all(block: str, tag: str) -> str:
    return "".join(_said(_TOKEN.findall(block), tag))


def _changed(before: str, after: str) -> str:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > MOST:
        return _all(before, "del") + _all(after, "ins")
    found: list[str] = []
    gone: list[str] = []
    for tag, from_a, to_a, from_b, to_b in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("delete", "replace"):
            gone += [part for part in old[from_a:to_a] if not part.startswith("<")]
        for part in new[from_b:to_b]:
            if gone and not part.startswith("</") and _may_stand(found):
                found += _said(gone, "del")
                gone = []
            found += [part] if tag == "equal" else _said([part], "ins")
        if gone and _may_stand(found):
            found += _said(gone, "del")
            gone = []
    return "".join(found).replace("</ins><ins>", "").replace("</del><del>", "")


def _may_stand(found: list[str]) -> bool:
    """Whether words may stand after what was written last."""
    return bool(found) and not _FRAME.match(found[-1])


def _said(tokens: Iterable[str], tag: str) -> Iterator[str]:
    """Runs of words in `tag`; markup as it is."""
    run: list[str] = []
    for part in [*tokens, "<"]:
        if not part.startswith("<"):
            run.append(part)
            continue
        if run:
            words = "".join(run)
            yield f"<{tag}>{words}</{tag}>" if words.strip() else words
            run = []
        if part != "<":
            yield part
