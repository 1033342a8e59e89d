"""Workbooks written part by part, as other programs than Excel write them."""

import io
import zipfile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def parts(rows, *, formats="", before="", book="", target="worksheets/sheet1.xml"):
    """Part name → XML. `rows` is what stands in sheetData, `formats` the cellXfs of styles 1 and up with their numFmts."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="rId1" Type="{_LINKS}/worksheet" Target="{target}"/><Relationship Id="rId2" '
        f'Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet name="清单" '
        f'sheetId="1" r:id="rId1"/></sheets>{book}</workbook>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}">{formats}</styleSheet>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>',
    }


def zipped(path, written, encodings=None):
    """`encodings`: part name → encoding other than UTF-8."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in written.items():
            encoding = (encodings or {}).get(name, "utf-8")
            archive.writestr(
                name, text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
            )
    path.write_bytes(content.getvalue())
    return path


def styles(*codes):
    """Styles 1 and up with these number formats."""
    named = "".join(
        f'<numFmt numFmtId="{170 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(codes)
    )
    used = "".join(f'<xf numFmtId="{170 + at}"/>' for at in range(len(codes)))
    return f'<numFmts>{named}</numFmts><cellXfs><xf numFmtId="0"/>{used}</cellXfs>'
