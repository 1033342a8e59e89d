"""Files as people upload them: pictures with a camera's data, PDFs with and without words, Word and Excel files."""

import io
import zipfile

from PIL import Image
from PIL.ExifTags import IFD, Base
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject


def photo(width: int = 1200, height: int = 800, kind: str = "JPEG", **how) -> bytes:
    """A gradient that no lossless encoder makes small, with the place and the camera in its EXIF."""
    red = Image.linear_gradient("L").resize((width, height))
    noise = Image.effect_noise((width, height), 40)
    image = Image.merge("RGB", (red, noise, red.rotate(180)))
    exif = Image.Exif()
    exif[Base.Make] = "SECRET-CAMERA"
    exif[Base.Artist] = "SECRET-PERSON"
    exif.get_ifd(IFD.GPSInfo)[2] = (26.0, 4.0, 30.0)
    target = io.BytesIO()
    image.save(target, kind, exif=how.pop("exif", exif), **how)
    return target.getvalue()


def drawing(mode: str = "RGB", size=(300, 200)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, "white").save(target, "PNG")
    return target.getvalue()


def pdf(
    words: str = "Twenty words that say what this paper is about.",
    *,
    script: bool = False,
    scan: bool = False,
) -> bytes:
    """One page with words; or one that shows a picture instead; or one that runs a script."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    if scan:
        image = DecodedStreamObject()
        image.set_data(b"\x00" * 64)
        for name, value in (("/Type", "/XObject"), ("/Subtype", "/Image")):
            image[NameObject(name)] = NameObject(value)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/I"): writer._add_object(image)})}
        )
    else:
        _write(writer, page, words)
    if script:
        action = {
            "/Type": NameObject("/Action"),
            "/S": NameObject("/JavaScript"),
            "/JS": TextStringObject("app.alert(1)"),
        }
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(name): value for name, value in action.items()}
        )
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _write(writer: PdfWriter, page, words: str) -> None:
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): writer._add_object(font)})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F 12 Tf 72 700 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)


def office(kind: str = "docx", **parts: bytes) -> bytes:
    """The parts that make a file what it is, with an author in its properties; `parts` by path with __ for /."""
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
    written = {
        "[Content_Types].xml": b"<Types/>",
        main: b"<w:document>words</w:document>",
        "docProps/core.xml": "<cp:coreProperties><dc:creator>某某人</dc:creator></cp:coreProperties>".encode(),
        **{name.replace("__", "/"): content for name, content in parts.items()},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in written.items():
            archive.writestr(name, content)
    return target.getvalue()
