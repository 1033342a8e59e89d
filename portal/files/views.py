"""Public contents by their digest. What an address gives never changes, so a browser never asks twice."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from .attachments import EXTENSIONS
from .models import StoredFile
from .shown import disposition
from .store import path_of

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def public_file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    file = StoredFile.objects.filter(sha256=sha256, root=StoredFile.Root.PUBLIC).order_by("pk").first()
    if file is None or not name.endswith(f".{EXTENSIONS[file.media_type]}"):
        raise Http404
    if file.opens_on is not None and file.opens_on > timezone.localdate():
        raise Http404
    etag = f'"{sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = content_of(file, name)
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER
    return response


def content_of(file: StoredFile, name: str) -> HttpResponseBase:
    """The bytes with their true type. Pictures open in the page, everything else is kept; nothing in it may act."""
    try:
        stream = path_of(file.root, file.sha256).open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(stream, content_type=file.media_type)
    if not file.media_type.startswith("image/"):
        response["Content-Disposition"] = disposition(name)
    refuse_to_act(response)
    return response


def refuse_to_act(response: HttpResponseBase) -> None:
    """Nothing of an uploaded file may run, whatever a browser takes it for."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
