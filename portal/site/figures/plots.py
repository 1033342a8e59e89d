"""Plots as SVG in the house's hand: pure functions from numbers to markup.

No view box: x in per cent, y in pixels, so that type keeps its size at every width. Classes only, since the content policy allows
no style. Sorts differ by pattern, so that they differ in grey print, too. All begin at nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.core.pages.markup import joined, markup

FILLS = (' class="mk"', ' fill="url(#p-hatch)"', ' class="mk-o"', ' fill="url(#p-dot)"', ' class="mk-w"')
BAD, REST = ' class="mk-bad"', FILLS[1]
LABELS, WIDEST = 36.0, 50.0  # per cent of a plot of bars: where they begin, how long the longest is
LONGEST_LABEL = 8  # characters that fit before the bars on a phone
ROW = 34  # px


@dataclass(frozen=True)
class Mark:
    """One bar. `was`: the number that it is compared with; `is_rest` is always hatched and last."""

    label: str
    value: int
    href: str = ""
    was: int | None = None
    is_rest: bool = False


def swatch(fill: str) -> SafeString:
    outline = '<rect x="1" y="1" width="14" height="10" class="mk-o"/>'
    return markup(
        f'<svg viewBox="0 0 16 12" aria-hidden="true">{outline}<rect x="1" y="1" width="14" height="10"{fill}/></svg>'
    )


def shares(parts: Sequence[int], most: int) -> SafeString:
    """A bar of a table, in parts that follow each other."""
    drawn, at = [], 0.0
    for part, fill in zip(parts, FILLS, strict=False):
        width = 98 * part / most
        drawn.append(markup(f'<rect x="{at:.1f}%" y="1" width="{width:.1f}%" height="13"{fill}/>'))
        at += width
    outline = markup(f'<rect x="0" y="1" width="{at:.1f}%" height="13" class="ol"/>')
    return markup(
        '<svg class="plot" width="100%" height="15" aria-hidden="true">{}{}</svg>', joined(drawn), outline
    )


def bars(slug: str, title: str, told: str, marks: Sequence[Mark], fill: str = FILLS[0]) -> SafeString:
    most = max([1, *(mark.value for mark in marks), *(mark.was or 0 for mark in marks)])
    drawn = [
        _bar(mark, ROW * place, most, REST if mark.is_rest else fill) for place, mark in enumerate(marks)
    ]
    height = ROW * len(marks)
    axis = markup(f'<line class="ax" x1="{LABELS}%" x2="{LABELS}%" y1="0" y2="{height}"/>')
    return _plot(slug, title, told, height, joined([*drawn, axis]))


def _bar(mark: Mark, top: int, most: int, fill: str) -> SafeString:
    width = WIDEST * mark.value / most
    label = mark.label if len(mark.label) <= LONGEST_LABEL else f"{mark.label[: LONGEST_LABEL - 1]}…"
    shape = f'<rect x="{LABELS}%" y="{top + 6}" width="{width:.1f}%" height="21"{fill}/>'
    if mark.is_rest:
        shape += f'<rect x="{LABELS}%" y="{top + 6}" width="{width:.1f}%" height="21" class="ol"/>'
    end = max(width, WIDEST * (mark.was or 0) / most if _is_near(mark, most) else 0)
    number = f'<text class="v" x="{LABELS + end + 1.5:.1f}%" y="{top + 21}">{mark.value:,}</text>'
    words = markup(f'<text class="lb" x="0" y="{top + 21}">{{}}</text>', label)
    return linked(joined([words, markup(shape), *_tick(mark, top, most), markup(number)]), mark.href)


def _is_near(mark: Mark, most: int) -> bool:
    """Whether the tick would stand in the number behind the bar."""
    return mark.was is not None and 0 <= WIDEST * (mark.was - mark.value) / most < 14


def _tick(mark: Mark, top: int, most: int) -> list[SafeString]:
    if mark.was is None:
        return []
    at = f"{LABELS + WIDEST * mark.was / most:.1f}%"
    return [markup(f'<line class="was" x1="{at}" x2="{at}" y1="{top + 2}" y2="{top + 31}"/>')]


def columns(slug: str, title: str, told: str, marks: Sequence[Mark], breaks: Sequence[str]) -> SafeString:
    """A column for each month; `breaks` has the year under those that begin one. Those of the next year are hatched."""
    foot, wide = 196, 100 / max(1, len(marks))
    most = max([1, *(mark.value for mark in marks)])
    drawn, fill = [], FILLS[0]
    for place, (mark, year) in enumerate(zip(marks, breaks, strict=True)):
        fill = FILLS[1] if year and place else fill
        drawn.append(_column(mark, year, wide * place, wide, round(129 * mark.value / most), fill))
    axis = markup(f'<line class="ax" x1="0" x2="100%" y1="{foot}" y2="{foot}"/>')
    return _plot(slug, title, told, 244, joined([*drawn, axis]))


def _column(mark: Mark, year: str, left: float, wide: float, height: int, fill: str) -> SafeString:
    middle, top = left + wide / 2, 196 - height
    at = f'x="{left + wide * 0.18:.2f}%" y="{top}" width="{wide * 0.64:.2f}%" height="{height}"'
    shape = markup(
        f'<rect {at}{fill}/><rect class="ol" {at}/><text class="v m" x="{middle:.2f}%" y="{top - 8}">{mark.value:,}</text>'
        if mark.value
        else f'<text class="m note" x="{middle:.2f}%" y="188">0</text>'
    )
    under = f'<text class="m" x="{middle:.2f}%" y="214">{mark.label}<tspan class="opt">月</tspan></text>'
    if year:
        under += f'<text class="m note" x="{middle:.2f}%" y="234">{year}</text>'
    return joined([linked(shape, mark.href if mark.value else ""), markup(under)])


def steps(slug: str, title: str, told: str, marks: Sequence[Mark], breaks: Sequence[str]) -> SafeString:
    """A register changes on a day: a line in steps, with a rule at round numbers."""
    foot, wide = 226, 92 / max(1, len(marks))
    most = max([1, *(mark.value for mark in marks)])
    heights = [foot - round(184 * mark.value / most) for mark in marks]
    drawn = [_rule(value, foot - round(184 * value / most)) for value in _round_numbers(most)]
    for place, (mark, year) in enumerate(zip(marks, breaks, strict=True)):
        left, right, y = 6 + wide * place, 6 + wide * (place + 1), heights[place]
        before = heights[place - 1] if place else foot
        drawn.append(markup(_step(left, right, y, before, foot) + _below(mark, year, (left + right) / 2)))
    axis = markup(f'<line class="ax" x1="0" x2="100%" y1="{foot}" y2="{foot}"/>')
    ends = [markup(f'<text class="v e" x="98%" y="{heights[-1] - 10}">{marks[-1].value:,}</text>')]
    if len(marks) > 1 and heights[0] - heights[-1] > 24:
        ends.append(markup(f'<text class="v" x="6%" y="{heights[0] - 10}">{marks[0].value:,}</text>'))
    return _plot(slug, title, told, 274, joined([*drawn, axis, *ends]))


def _step(left: float, right: float, y: int, before: int, foot: int) -> str:
    area = f'<rect class="mk-w" x="{left:.2f}%" y="{y}" width="{right - left:.2f}%" height="{foot - y}"/>'
    flat = f'<line class="step" x1="{left:.2f}%" x2="{right:.2f}%" y1="{y}" y2="{y}"/>'
    return area + flat + f'<line class="step" x1="{left:.2f}%" x2="{left:.2f}%" y1="{before}" y2="{y}"/>'


def _below(mark: Mark, year: str, middle: float) -> str:
    month = f'<text class="m{"" if year else " opt"}" x="{middle:.2f}%" y="244">{mark.label}月</text>'
    return month + (f'<text class="m note" x="{middle:.2f}%" y="264">{year}年</text>' if year else "")


def _round_numbers(most: int) -> list[int]:
    """A few up to the highest."""
    step = 10 ** (len(str(most)) - 1)
    step = max(1, step // 2) if most < 2 * step else step if most < 4 * step else 2 * step
    return list(range(step, most + 1, step))


def _rule(value: int, y: int) -> SafeString:
    return markup(
        f'<line class="gr" x1="0" x2="100%" y1="{y}" y2="{y}"/><text class="note" x="0" y="{y - 5}">{value:,}</text>'
    )


def linked(shape: SafeString, href: str) -> SafeString:
    return markup('<a href="{}">{}</a>', href, shape) if href else shape


def _plot(slug: str, title: str, told: str, height: int, inside: SafeString) -> SafeString:
    role = "group" if "<a " in inside else "img"  # what is a picture has nothing in it to press
    return markup(
        '<svg class="plot" width="100%" height="{}" role="{}" aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title>'
        '<desc id="{}-d">{}</desc>{}</svg>',
        height, role, slug, slug, slug, title, slug, told, inside,
    )  # fmt: skip
