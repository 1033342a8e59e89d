"""The description of the interface (OpenAPI 3.1), made of what the lists and files declare: no name is written here again."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.conf import settings
from django.forms import ModelChoiceField

from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import ProductFilters
from portal.core.editions.models import Edition
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.licence import licence
from portal.core.pages.parameters import LONGEST_VALUE, Query, label_of
from portal.core.pages.reading import ReadAt
from portal.core.pages.structured import SITE_NAME
from portal.site.figures.asking import DIMENSIONS, THINGS

from .catalogue import KINDS
from .changes import WORDS
from .cursors import MARK, MOST, USUAL
from .kinds import NUMBER, TEXT, TEXT_OR_NOT, TRUTH, Kind, Schema, listed, thing, titled
from .positions import WRITTEN
from .problems import MEDIA_TYPE, TITLES

VERSION = "1.0"
PROBLEMS = {"400": "参数不对", "404": "没有，或当时尚未公布", "429": "请求太多", "503": "暂时不能应答"}
SEARCHED = {"q": "搜索词", "literal": "按原文查找：写 1，q 照原文查找"}
# Something that is no space, and no control character but those that separate words: runs of spaces become one.
CONTROL = r"\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"
PRINTABLE = rf"^[^{CONTROL}]*[^\s{CONTROL}][^{CONTROL}]*$"


def document(reading: ReadAt) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": _info(),
        "servers": [{"url": f"{settings.SITE_URL}/api/v1"}],
        "paths": dict(_paths(reading)),
        "components": {
            "schemas": dict(_schemas(reading)),
            "parameters": _common(reading),
            "responses": {status: _refused(sentence) for status, sentence in PROBLEMS.items()},
        },
    }


def _info() -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": f"{SITE_NAME}数据接口",
        "version": VERSION,
        "description": f"不用登录，只读。说明和例子见 {settings.SITE_URL}/api/ 。字段只增不减；别的改动会是 /api/v2/ 。",
    }
    return {**said, **({"license": given} if (given := licence()) else {})}


# -- paths -----------------------------------------------------------------------------------------------------------


def _paths(reading: ReadAt) -> Iterable[tuple[str, Any]]:
    yield "/", {"get": _operation("root", "有哪些清单", {"$ref": "#/components/schemas/root"}, MOMENT)}
    for kind in KINDS:
        yield f"/{kind.name}", {"get": _list_of(kind, reading)}
        where = "/".join(f"{{{part}}}" for part in kind.parts)
        yield f"/{kind.name}/{where}", {"get": _record_of(kind)}
    yield "/figures", {"get": _figures(reading)}
    answer = {"$ref": "#/components/schemas/changes"}
    asked = [{"$ref": f"#/components/parameters/{name}"} for name in ("since", "since_day", "position")]
    yield "/changes", {"get": _operation("changes", "一版以后的全部变动", answer, [*asked, LIMIT, *MOMENT])}


MOMENT = [{"$ref": f"#/components/parameters/{name}"} for name in ("edition", "as_of")]
LIMIT = {"$ref": "#/components/parameters/limit"}


def _list_of(kind: Kind, reading: ReadAt) -> dict[str, Any]:
    filters = kind.filters(reading)
    asked = [_parameter(name, one, filters, reading) for name, one in filters.filters.items()]
    if hasattr(filters, "words") and "q" not in filters.filters:
        asked += [_query("q", _text(), SEARCHED["q"])]
    if hasattr(filters, "known"):
        asked += [_query("literal", {"type": "string", "enum": ["1"]}, SEARCHED["literal"])]
    pages = [LIMIT, {"$ref": "#/components/parameters/after"}]
    answer = {"$ref": f"#/components/schemas/{kind.name}_list"}
    return _operation(f"{kind.name}_list", kind.label, answer, [*asked, *pages, *MOMENT])


def _figures(reading: ReadAt) -> dict[str, Any]:
    """Filters are those of the list that is counted; of enterprises there are fewer."""
    filters = ProductFilters(Query(), Known.at(reading))
    asked = [_parameter(name, one, filters, reading) for name, one in filters.filters.items()]
    asked += [_query("q", _text(), SEARCHED["q"])] if "q" not in filters.filters else []
    for name, words in (
        ("count", {name: one.label for name, one in THINGS.items()}),
        ("rows", DIMENSIONS),
        ("columns", DIMENSIONS),
    ):
        said = "；".join(f"{value} {label}" for value, label in words.items())
        asked.append(_query(name, {"type": "string", "enum": list(words)}, f"{label_of(name)}。{said}"))
    asked.append(_query("versus", _text(), f"{label_of('versus')}：一个版号"))
    return _operation(
        "figures", "统计图表的各张表", {"$ref": "#/components/schemas/figures"}, [*asked, *MOMENT]
    )


def _record_of(kind: Kind) -> dict[str, Any]:
    named = [
        {"name": part, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for part in kind.parts
    ]
    answer = {"$ref": f"#/components/schemas/{kind.name}_record"}
    return _operation(f"{kind.name}_record", f"{kind.label}：一条", answer, [*named, *MOMENT], is_record=True)


def _operation(
    name: str, summary: str, answer: Schema, parameters: list[dict[str, Any]], *, is_record: bool = False
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {
            "description": summary,
            "headers": HEADERS,
            "content": {"application/json": {"schema": answer}},
        },
        "304": {"description": "没有变（If-None-Match）"},
        **({"301": {"description": "编号的规范写法，或现在的编号"}} if is_record else {}),
        **{status: {"$ref": f"#/components/responses/{status}"} for status in PROBLEMS},
        "414": {"description": "地址太长；由网页服务器答复，不是 JSON"},
    }
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}


HEADERS = {
    "ETag": {"schema": TEXT},
    "RateLimit-Policy": {"schema": TEXT, "description": "一分钟里可以要多少个须现做的答复（q）"},
    "RateLimit": {"schema": TEXT, "description": "还剩多少（r），几秒后重新计（t）；已有现成答复的不计"},
}


def _refused(sentence: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": sentence, "content": {MEDIA_TYPE.partition(";")[0]: {"schema": schema}}}


# -- parameters ------------------------------------------------------------------------------------------------------


def _parameter(name: str, one: Any, filters: DeclaredFilters, reading: ReadAt) -> dict[str, Any]:
    is_several = isinstance(one, django_filters.MultipleChoiceFilter)
    choices = dict(_choices(name, one, filters, reading))
    words = "；".join(f"{value} {label}" for value, label in choices.items() if label != value)
    schema = {"type": "string", "enum": list(choices)} if choices else _text()
    several = {"type": "array", "items": schema, "minItems": 1} if is_several else schema
    return _query(name, several, f"{one.label}。{words}" if words else str(one.label))


def _choices(name: str, one: Any, filters: DeclaredFilters, reading: ReadAt) -> Iterable[tuple[str, str]]:
    """Of a filter that has any; batches are those that a visitor may name."""
    if name == "batch":
        return Known.at(reading).batches
    if hasattr(filters, "choices"):  # those of the index know theirs without a form
        return filters.choices[name].pairs
    field = filters.form.fields[name]
    if isinstance(field, ModelChoiceField):
        return ()
    declared = one.extra.get("choices") or ()
    return [(str(value), str(label)) for value, label in (declared() if callable(declared) else declared)]


def _text() -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE, "pattern": PRINTABLE}


def _query(name: str, schema: Schema, description: str) -> dict[str, Any]:
    said = {"name": name, "in": "query", "description": description, "schema": schema}
    return {**said, "style": "form", "explode": True} if schema.get("type") == "array" else said


def _common(reading: ReadAt) -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    edition = {"type": "integer", "minimum": 1, "maximum": max(reading.newest, 1)}
    since = {**edition, "minimum": 0}
    return {
        "edition": _query("edition", edition, "版号：读那一版"),
        "as_of": _query("as_of", day, "截至日期：读那一天最后一版；与 edition 同用，是按哪一天判断状态"),
        "limit": _query(
            "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "每次行数"
        ),
        "after": _query("after", _of(MARK.pattern), "翻页位置，照抄上一次答复里的 next"),
        "position": _query("after", _of(WRITTEN.pattern), "上一条变动的位置，照抄上一次答复里的 next"),
        "since": _query("since", since, "要这一版之后的变动；0 是从头。与 after 只写一个"),
        "since_day": _query("since_day", day, "读那一版是在哪一天"),
    }


def _of(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


# -- schemas ---------------------------------------------------------------------------------------------------------


def _schemas(reading: ReadAt) -> Iterable[tuple[str, Schema]]:
    for kind in KINDS:
        row = thing(kind.row(reading))
        yield kind.name, row
        yield f"{kind.name}_published", thing(kind.sealed())
        own: dict[str, Schema] = {"kind": {"const": kind.name}, **_moment()}
        rows = {"count": NUMBER, "rows": listed(_ref(kind.name)), "next": TEXT_OR_NOT, "changes": TEXT}
        yield f"{kind.name}_list", _with_notice({**own, **rows})
        yield f"{kind.name}_record", _with_notice({**own, "record": _ref(kind.name), **kind.more})
    yield "change", _change()
    rows = {"rows": listed(_ref("change")), "is_more": TRUTH, "next": TEXT}
    yield "changes", _with_notice({**_moment(), **rows})
    cell = {"type": ["string", "integer"]}
    table = thing({"name": TEXT, "title": TEXT, "headings": listed(TEXT), "rows": listed(listed(cell))})
    figures = {
        "kind": {"const": "figures"},
        **_moment(),
        "counted": {"enum": list(THINGS)},
        "tables": listed(table),
    }
    yield "figures", _with_notice({**figures, "changes": TEXT})
    addresses = ("figures", "changes", "openapi", "files", "catalog", "documentation")
    lists = thing({kind.name: TEXT for kind in KINDS})
    root = {"lists": lists, **dict.fromkeys(addresses, TEXT), "licence": TEXT_OR_NOT}
    yield "root", _with_notice({**_moment(), **root})
    yield "problem", _problem()


def _change() -> Schema:
    return thing(
        {
            "position": titled(TEXT, "在全部变动里的位置"),
            "edition": NUMBER,
            "at": {"type": "string", "format": "date-time"},
            "day": {"type": "string", "format": "date"},
            "cause": {"enum": Edition.Cause.values},
            "cause_word": TEXT,
            "kind": {"enum": [kind.name for kind in KINDS]},
            "key": titled(TEXT, "行的键：同一个键，后来的一行代替先前的"),
            "replaces": titled(TEXT_OR_NOT, "所代替的行的键"),
            "change": {"enum": list(WORDS)},
            "change_word": TEXT,
            "record": {"anyOf": [_ref(f"{kind.name}_published") for kind in KINDS]},
        }
    )


def _problem() -> Schema:
    wrong = thing({"parameter": TEXT, "sentence": TEXT})
    always = thing(
        {
            "type": TEXT,
            "title": TEXT,
            "status": NUMBER,
            "code": {"enum": list(TITLES)},
            "detail": titled(TEXT, "哪里不对，怎么办"),
        }
    )
    sometimes = {
        "problems": listed(wrong),
        "mended": titled(TEXT, "去掉不对的参数以后的地址"),
        "first_edition": NUMBER,
        "first_day": TEXT,
    }
    return {**always, "properties": {**always["properties"], **sometimes}}


def _moment() -> dict[str, Schema]:
    return {
        "edition": titled(NUMBER, "版号"),
        "as_of": titled(TEXT, "截至日期"),
        "head": titled(TEXT, "链头"),
    }


def _with_notice(properties: dict[str, Schema]) -> Schema:
    """What is made up says so."""
    schema = thing(properties)
    return {**schema, "properties": {**schema["properties"], "notice": titled(TEXT, "说明")}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
