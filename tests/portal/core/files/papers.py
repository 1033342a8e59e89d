"""PDFs as scanners, offices and telephones make them: with properties, notes, stamps, signatures, photographs."""

import io
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from .uploads import pdf, photo


def _begun(**how) -> PdfWriter:
    return PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(**how))))


def written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def named(**values) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})


def of_many_pages(count: int) -> bytes:
    writer = PdfWriter()
    for _page in range(count):
        writer.add_blank_page(595, 842)
    return written(writer)


def encrypted() -> bytes:
    writer = _begun()
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def with_traces() -> bytes:
    """Author in the properties and in XMP, a comment, a link to the web, one to a disk, and a phone's photograph."""
    writer = _begun()
    writer.add_metadata({"/Author": "SECRET-PERSON", "/Company": "SECRET-FIRM"})
    xmp = DecodedStreamObject()
    xmp.set_data(b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>")
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    page = writer.pages[0]
    page[NameObject("/PieceInfo")] = named(App=TextStringObject("SECRET-PIECE"))
    resources: Any = page["/Resources"]
    resources[NameObject("/XObject")] = named(P=writer._add_object(_photograph()))
    page[NameObject("/Annots")] = ArrayObject(
        writer._add_object(note)
        for note in (
            _note("/Text", T=TextStringObject("SECRET-AUTHOR"), Contents=TextStringObject("SECRET-NOTE")),
            _note("/Link", A=named(S=NameObject("/URI"), URI=TextStringObject("https://example.com/"))),
            _note("/Link", A=named(S=NameObject("/URI"), URI=TextStringObject("file:///C:/SECRET-DISK"))),
        )
    )
    return written(writer)


def with_earlier_version() -> bytes:
    """An incremental update after which the first version still lies in the file."""
    first = with_traces()
    writer = PdfWriter(io.BytesIO(first), incremental=True)
    writer.pages[0][NameObject("/Rotate")] = NumberObject(90)
    return written(writer)


def stamped() -> bytes:
    writer = _begun()
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(_note("/Stamp"))])
    return written(writer)


def filled_in() -> bytes:
    writer = _begun()
    field = _note("/Widget", FT=NameObject("/Tx"), T=TextStringObject("name"), V=TextStringObject("陈大明"))
    kept = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([kept])
    writer._root_object[NameObject("/AcroForm")] = named(Fields=ArrayObject([kept]))
    return written(writer)


def signed() -> bytes:
    writer = _begun()
    writer.add_metadata({"/Author": "SIGNER"})
    signature = named(
        Type=NameObject("/Sig"),
        Filter=NameObject("/Adobe.PPKLite"),
        ByteRange=ArrayObject(NumberObject(number) for number in (0, 100, 200, 100)),
        Contents=ByteStringObject(b"\x00" * 64),
    )
    field = _note("/Widget", FT=NameObject("/Sig"), T=TextStringObject("s"), V=writer._add_object(signature))
    kept = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([kept])
    writer._root_object[NameObject("/AcroForm")] = named(Fields=ArrayObject([kept]), SigFlags=NumberObject(3))
    return written(writer)


def _note(kind: str, **values) -> DictionaryObject:
    place = ArrayObject(FloatObject(number) for number in (10, 10, 60, 30))
    return named(Type=NameObject("/Annot"), Subtype=NameObject(kind), Rect=place, **values)


def _photograph() -> StreamObject:
    image = StreamObject()
    image._data = photo(200, 100)
    image.update(
        named(
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Image"),
            Width=NumberObject(200),
            Height=NumberObject(100),
            ColorSpace=NameObject("/DeviceRGB"),
            BitsPerComponent=NumberObject(8),
            Filter=NameObject("/DCTDecode"),
        )
    )
    return image
