"""Staff who have not passed their second factor are nobody, except where they set it up."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from portal.core.accounts import second_factor
from portal.core.session_keys import has_session

OWN_GATES = ("/accounts/", "/admin/")  # the entrance itself, and the desk, which sends them there


class StaffGate:
    """A password alone gives a member of staff no view of what only staff may see, wherever in the site it is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request.COOKIES) and not request.path.startswith(OWN_GATES):
            user = request.user
            if user.is_authenticated and user.is_staff and second_factor.is_missing(request):
                request.user = AnonymousUser()
        return self.get_response(request)
