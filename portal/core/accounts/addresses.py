"""The network address of whoever sent a request."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address seen by the outermost trusted proxy; what a client wrote into the header itself is not believed.

    Each proxy appends the address it was called from to X-Forwarded-For, so with n trusted proxies the n-th
    entry from the right is the client.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return direct
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    return forwarded[-settings.TRUSTED_PROXIES :][0] if forwarded else direct


def is_this_machine(host: str) -> bool:
    """By its name or address, without brackets."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
