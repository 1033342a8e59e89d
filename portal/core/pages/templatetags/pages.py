"""Tags and filters of the look: icons, status, stars, dates, and links that keep the query."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core.checkpoints import keys
from portal.core.editions import clock
from portal.core.pages.blocks import blocks_of
from portal.core.pages.markup import joined, markup
from portal.core.pages.navigation import path_of
from portal.core.pages.pagination import Page
from portal.core.pages.parameters import Query
from portal.core.pages.plain import plainly
from portal.core.pages.statuses import STATUSES
from portal.core.text.clauses import bare
from portal.core.text.highlight import highlight, is_reason

register = template.Library()

STAR_WORDS = {"1": "一星级", "2": "二星级", "3": "三星级"}


@register.simple_tag
@lru_cache(maxsize=50)
def asset(name: str) -> str:
    """The address of a static file, looked up once."""
    return static(name)


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, css: str = "i") -> SafeString:
    """A shape out of the sprite; always beside a word, so hidden from screen readers."""
    return drawing(f"i-{name}", css, 16)


@register.simple_tag
@lru_cache(maxsize=500)
def drawing(name: str, css: str = "", size: int = 32) -> SafeString:
    """A symbol of the sprite. Width and height count only where the stylesheet is not understood."""
    return format_html(
        '<svg class="{}" width="{}" height="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        size,
        size,
        static("icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=500)
def status(code: str, word: str = "", *, big: bool = False) -> SafeString:
    """Word, shape and colour of a state; `word` replaces the usual word."""
    css, shape, usual = STATUSES[code]
    return format_html(
        '<span class="st {}{}">{}{}</span>', css, " big" if big else "", icon(shape), word or usual
    )


@register.simple_tag
@lru_cache(maxsize=500)
def stars(level: str | int | None) -> SafeString:
    """★★☆ 二星级; 绿色产品 carries no stars; nothing where there is no certificate."""
    level = str(level or "")
    if level == "green":
        return mark_safe('<span class="tag">绿色产品</span>')
    if level not in STAR_WORDS:
        return mark_safe("")
    drawn = "★" * int(level) + "☆" * (3 - int(level))
    return format_html(
        '<span class="stars"><span aria-hidden="true">{}</span><b>{}</b></span>', drawn, STAR_WORDS[level]
    )


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def shanghai_day(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """2022年6月6日 in words only, for captions and titles."""
    return day_words(shanghai_day(value)) if value else ""


@register.filter
def cn_date(value: date | datetime | None) -> SafeString | str:
    """2022年6月6日 in a <time>; a moment is shown as its day in Shanghai."""
    if not value:
        return ""
    return _day_in_time(shanghai_day(value))


@lru_cache(maxsize=2_000)
def _day_in_time(day: date) -> SafeString:
    iso = f"{day.year:04}-{day.month:02}-{day.day:02}"
    return format_html('<time datetime="{}">{}</time>', iso, day_words(day))


@register.filter
def cn_moment(value: datetime | None) -> SafeString | str:
    """2022年6月6日 15:04 in a <time>."""
    if not value:
        return ""
    moment = value.astimezone(clock.SHANGHAI)
    words = f"{day_words(moment)} {moment.hour}:{moment.minute:02}"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), words)


@register.simple_tag
def hits(text: str, words: str = "") -> SafeString | str:
    """`text` with what the search words hit marked."""
    if not words or not text:
        return text or "（已依法隐去）"
    return joined(
        markup("<mark>{}</mark>", part) if is_hit else part for part, is_hit in highlight(text, words)
    )


@register.simple_tag
def reason(label: str, text: str, words: str = "") -> SafeString:
    """A line that says why a row was found, where the hit is in something that the row does not show."""
    if not words or not text or not is_reason(text, words):
        return mark_safe("")
    return markup('<span class="under">{} {}</span>', label, hits(text, words))


@register.filter
def clause(text: str) -> str:
    """What was typed as a sentence, within a sentence of ours: 「抽查不合格。」 is followed by no second stop."""
    return bare(text or "")


@register.filter
def days_before(day: date, reference: date) -> str:
    """How long ago `day` was on another day: 今天, 14 天前."""
    days = (reference - day).days
    return f"{days} 天前" if days > 0 else "今天"


@register.filter
def thousands(value: int) -> str:
    """1,286."""
    return f"{value:,}"


@register.filter
def grouped(digest: str | bytes) -> str:
    """A hash in groups of eight, for reading aloud and comparing."""
    text = digest.hex() if isinstance(digest, bytes | memoryview) else str(digest or "")
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))


@register.simple_tag
def log_fingerprint() -> str:
    """Of the key that signs the log; nothing where the key cannot be read, which the page of the log tells."""
    try:
        return keys.current().fingerprint
    except keys.CannotSign:
        return ""


@register.simple_tag(takes_context=True)
def plain(context: template.Context, word: str) -> str:
    """A label, in plainer words where the visitor has chosen the elder mode."""
    return plainly(word, context.get("mode"))


@register.simple_tag(takes_context=True)
def here(context: template.Context, path: str = "", **changes: object) -> str:
    """This address with parameters replaced, `None` taking one away: `{% here page=2 %}`."""
    query = context.get("query") or Query.of(context["request"])
    return query.put(**changes).link(path or context["request"].path)


@register.simple_tag(takes_context=True)
def at(context: template.Context, name: str, *args: object, **parameters: object) -> str:
    """Another page of the same moment: `{% at "products:detail" line.number %}` keeps `as_of` and `edition`."""
    query = context.get("query") or Query.of(context["request"])
    return query.keep("as_of", "edition").put(**parameters).link(path_of(name, *args))


@register.inclusion_tag("pages/pager.html", takes_context=True)
def pager(context: template.Context, page: Page, unit: str = "项") -> dict:
    """Links to the other pages of a list; nothing on a list of one page."""
    query = context.get("query") or Query.of(context["request"])
    path = context["request"].path

    def href(number: int | None) -> str:
        return query.put(page=number if number != 1 else None).link(path)

    links = [(number, number and href(number)) for number in page.numbers()]
    ends = {"previous": page.previous and href(page.previous), "next": page.next and href(page.next)}
    return {"page": page, "links": links, "unit": unit, **ends}


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, subject: object) -> SafeString:
    """What rooms above show here about `subject`; the page must have `reading` in its context."""
    engine = context.template.engine  # type: ignore[union-attr]
    drawn = []
    for block in blocks_of(name):
        gathered = block.gather(context["reading"], subject)
        if gathered is not None:
            with context.push(**gathered):
                drawn.append(engine.get_template(block.template).render(context))
    return mark_safe("".join(drawn))  # noqa: S308 - drawn by templates
