"""PDFs and pictures set from a layout of the project and data that is never read as markup."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst


class TypesettingError(Exception):
    """It could not be set as it should look; the text is what the typesetter said."""


def typeset(layout: Path, data: dict[str, Any], *, form: Literal["pdf", "png"] = "pdf") -> bytes:
    """A PDF, or a picture of its one page. Raises TypesettingError rather than set what is missing letters."""
    said = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        document, warnings = typst.compile_with_warnings(_content_of(layout), format=form, sys_inputs=said)
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error
    if warnings:
        raise TypesettingError("; ".join(warning.message for warning in warnings))
    if not isinstance(document, bytes):
        raise TypesettingError("It does not go on one page, and a picture is of one.")
    return document


@cache
def _content_of(layout: Path) -> bytes:
    return layout.read_bytes()


def qr_code(address: str) -> str:
    """As SVG: sharp at any size, and read by the typesetter without a file."""
    target = io.BytesIO()
    segno.make(address, error="m").save(
        target, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True
    )
    return target.getvalue().decode()
