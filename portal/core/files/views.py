"""Public contents by their digest. What an address gives never changes, so a browser never asks twice; bytes that are not
those which the digest names are given to nobody.
"""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.replicas import public_reading

from .intake.attachments import EXTENSIONS
from .models import StoredFile
from .shown import disposition
from .store import DamagedFileError, ErasedFileError, opened

FOREVER = "public, max-age=31536000, immutable"
RETRY_SECONDS = 600


@require_safe
@public_reading
def public_file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    file = StoredFile.objects.of(sha256, StoredFile.Root.PUBLIC)
    if file is None or not name.endswith(f".{EXTENSIONS[file.media_type]}"):
        raise Http404
    if file.opens_on is not None and file.opens_on > timezone.localdate():
        raise Http404
    etag = f'"{sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = content_of(request, file, name)
    if response.status_code >= 400:
        return response
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER
    return response


def content_of(request: HttpRequest, file: StoredFile, name: str) -> HttpResponseBase:
    """The bytes with their true type. Pictures open in the page, everything else is kept; nothing in it may act.

    A page that says so where the bytes were erased (410), or are damaged: 503 for a public file that waits to be mended.
    """
    try:
        stream = opened(file)
    except DamagedFileError as error:
        return gone(request, error, is_public=file.root == StoredFile.Root.PUBLIC)
    response = FileResponse(stream, content_type=file.media_type)
    if not file.media_type.startswith("image/"):
        response["Content-Disposition"] = disposition(name)
    refuse_to_act(response)
    return response


def gone(request: HttpRequest, error: DamagedFileError, *, is_public: bool = False) -> HttpResponse:
    """The page in the place of bytes that cannot be given. Nobody keeps it: what is damaged may be whole again soon."""
    is_erased = isinstance(error, ErasedFileError)
    status = 410 if is_erased else 503 if is_public else 404
    context = {"is_erased": is_erased, "is_public": is_public}
    response = render(request, "files/gone.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def refuse_to_act(response: HttpResponseBase) -> None:
    """Nothing of an uploaded file may run, whatever a browser takes it for."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
