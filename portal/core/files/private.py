"""Private files, shown to whoever was found entitled to them. The asking view decides who may; here each view is recorded."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from portal.core.accounts.models import User
from portal.core.audit.record import record

from .intake.attachments import EXTENSIONS
from .models import StoredFile
from .shown import disposition, safe_name
from .store import DamagedFileError, load
from .views import gone, refuse_to_act

CACHE_CONTROL = "private, no-store"


def serve_private(
    request: HttpRequest, file: StoredFile, *, name: str, by: User, step: str, target: Model
) -> HttpResponse:
    """The bytes of a private file: a picture opens in the page, everything else is kept under `name` and its true ending.

    Every look is an audit event `step` of `target` (the case or row that the file belongs to) by `by`, written before a
    byte leaves. Bytes that were erased or are damaged give a page that says so (410, 404), and the event says so too.
    """
    try:
        content = load(file)
    except DamagedFileError as error:
        record(step, target, by=by, is_success=False, file=file.pk)
        return gone(request, error)
    record(step, target, by=by, file=file.pk)
    response = HttpResponse(content, content_type=file.media_type)
    refuse_to_act(response)
    response["Cache-Control"] = CACHE_CONTROL
    if not file.media_type.startswith("image/"):
        ending = f".{EXTENSIONS[file.media_type]}" if file.media_type in EXTENSIONS else ""
        response["Content-Disposition"] = disposition(safe_name(name).removesuffix(ending) + ending)
    return response
