"""The catalogue of all data in DCAT 3, for portals that gather catalogues: whole lists, batches, the data interface."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.publication.models import Batch
from portal.core.pages.licence import contact, licence
from portal.core.pages.navigation import href_of
from portal.core.pages.structured import SITE_NAME

from .keeping import known
from .shelves import TITLES, Export, Shelf

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
SHA256 = {"@id": "spdx:checksumAlgorithm_sha256"}


def catalogue(shelf: Shelf | None) -> dict[str, Any]:
    """`shelf` has the newest lists; None while nothing was published."""
    page = _at(reverse("data:index"))
    return {
        "@context": CONTEXT,
        "@id": page,
        "@type": "dcat:Catalog",
        "dct:title": _words(f"{SITE_NAME}：数据目录"),
        **_terms(),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": SITE_NAME, "foaf:homepage": _at("/")},
        "foaf:homepage": {"@id": page},
        "dcat:dataset": [*_lists(shelf), *_batches(shelf)] if shelf else [],
        "dcat:service": _services(),
    }


def _lists(shelf: Shelf) -> list[dict[str, Any]]:
    return [_dataset(shelf, register) for register in shelf.registers]


def _dataset(shelf: Shelf, register: str) -> dict[str, Any]:
    edition = shelf.edition
    own = [export for export in shelf.files if export.register == register]
    return {
        "@id": f"{_at(reverse('data:index'))}#{register}",
        "@type": "dcat:Dataset",
        "dct:title": _words(TITLES[register]),
        "dct:language": "zh",
        "dct:modified": {"@type": "xsd:dateTime", "@value": edition.at.isoformat()},
        "dcat:version": str(edition.number),
        "dcat:landingPage": {"@id": _at(reverse("data:index"))},
        **_terms(),
        "dcat:distribution": [_distribution(export) for export in own],
    }


def _distribution(export: Export) -> dict[str, Any]:
    """What is not made yet says no size and no digest."""
    said: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": _words(export.title),
        "dcat:accessURL": {"@id": _at(export.href)},
        "dcat:downloadURL": {"@id": _at(export.href)},
        "dcat:mediaType": {"@id": MEDIA_TYPES + export.media_type.partition(";")[0]},
    }
    if made := known(export):
        said["dcat:byteSize"] = made.size
        said["spdx:checksum"] = {"spdx:algorithm": SHA256, "spdx:checksumValue": made.sha256}
    return said


def _batches(shelf: Shelf) -> list[dict[str, Any]]:
    """Each published batch, by its manifest, which names every file of it."""
    batches = Batch.objects.published(shelf.edition.number).select_related("edition").order_by("-pk")
    return [_batch(batch) for batch in batches]


def _batch(batch: Batch) -> dict[str, Any]:
    assert batch.edition is not None  # noqa: S101 - only asked of published ones
    page, manifest = (_at(reverse(f"batches:{name}", args=[batch.slug])) for name in ("detail", "manifest"))
    return {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:title": _words(batch.title),
        "dct:identifier": batch.slug,
        "dct:issued": {"@type": "xsd:dateTime", "@value": batch.edition.at.isoformat()},
        "dcat:landingPage": {"@id": page},
        **_terms(),
        "dcat:distribution": [{"@type": "dcat:Distribution", "dcat:accessURL": {"@id": manifest}}],
    }


def _services() -> list[dict[str, Any]]:
    root, description = href_of("api:root"), href_of("api:openapi")
    if not root or not description:
        return []
    return [
        {
            "@id": _at(root),
            "@type": "dcat:DataService",
            "dct:title": _words("数据接口"),
            "dcat:endpointURL": {"@id": _at(root)},
            "dcat:endpointDescription": {"@id": _at(description)},
            **_terms(),
        }
    ]


def _terms() -> dict[str, Any]:
    said: dict[str, Any] = {}
    if given := licence():
        said["dct:license"] = {"@id": given["url"]} if "url" in given else given["name"]
    if whom := contact():
        said["dcat:contactPoint"] = {"@type": "vcard:Organization", "vcard:fn": whom}
    return said


def _words(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "zh"}


def _at(path: str) -> str:
    return settings.SITE_URL + path
