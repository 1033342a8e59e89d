"""Staff who have not passed their second factor are nobody, except where they set it up."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from portal.core.accounts import second_factor

OWN_GATES = ("/accounts/", "/admin/")  # the entrance itself, and the desk, which sends them there


class StaffGate:
    """A password alone gives a member of staff no view of what only staff may see, wherever in the site it is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and not request.path.startswith(OWN_GATES):
            user = request.user
            if user.is_authenticated and user.is_staff and second_factor.is_missing(request):
                request.user = AnonymousUser()
        return self.get_response(request)
