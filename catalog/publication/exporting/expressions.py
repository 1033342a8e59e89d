"""Lines of a file as expressions of SQL: the database writes them, so that no value becomes an object of this process."""

from typing import Any, Protocol

from django.db.models import Func, TextField, Value

# What a spreadsheet would take for a formula. A tab or a line break can stand before it; Chinese ones take wide signs too.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """What `Harmless` makes of a text, for rows that Python writes."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


class Written(Protocol):
    """What an expression has to know of a column."""

    @property
    def name(self) -> str: ...

    @property
    def value(self) -> Any: ...

    @property
    def is_free(self) -> bool: ...


class Harmless(Func):
    """A text that a spreadsheet would compute gets an apostrophe before it. Nothing becomes an empty text."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        text, params = compiler.compile(self.source_expressions[0])
        signs = ", ".join(["%s"] * len(FORMULA_SIGNS))
        sql = f"CASE WHEN substr({text}, 1, 1) IN ({signs}) THEN '''' || {text} ELSE coalesce({text}, '') END"
        return sql, [*params, *FORMULA_SIGNS, *params, *params]


class CsvLine(Func):
    """A record of RFC 4180 without its end. Free texts stand in quotes; of codes, days and numbers none needs them."""

    output_field = TextField()

    def __init__(self, *columns: Written):
        super().__init__(*(Harmless(column.value) if column.is_free else column.value for column in columns))
        self.quoted = [column.is_free for column in columns]

    def as_sqlite(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        # One call instead of many concatenations; %w doubles quotes. What stands here is formatted twice more.
        form = ",".join('"%%%%w"' if quoted else "%%%%s" for quoted in self.quoted)
        return super().as_sql(compiler, connection, template=f"printf('{form}', %(expressions)s)", **extra)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        cells, params = [], []
        for source, quoted in zip(self.source_expressions, self.quoted, strict=True):
            sql, given = compiler.compile(source)
            plain = f"coalesce(({sql})::text, '')"
            cells.append(f"""'"' || replace({sql}, '"', '""') || '"'""" if quoted else plain)
            params += given
        return " || ',' || ".join(cells), params


class JsonLine(Func):
    """An object with the columns under their names, in their order. Text, for whoever reads it is not this process."""

    output_field = TextField()
    function = "json_object"

    def __init__(self, *columns: Written):
        super().__init__(*(part for column in columns for part in (Value(column.name), column.value)))

    def as_postgresql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        # A name that came as a parameter would have no type.
        template = "json_build_object(%(expressions)s)::text"
        return super().as_sql(compiler, connection, template=template, **extra)


class FormerNames(Func):
    """「甲厂、乙厂」 out of the list of former names."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        template = (
            "(SELECT group_concat(json_extract(value, '$.name'), '、') FROM json_each(%(expressions)s))"
        )
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        template = "(SELECT string_agg(one->>'name', '、') FROM jsonb_array_elements(%(expressions)s) AS one)"
        return super().as_sql(compiler, connection, template=template, **extra)
