"""Whose line a request came over, as limits count it."""

from django.http import HttpRequest

from portal.core.accounts.addresses import client_address
from portal.core.proof.limits import network


def network_of(request: HttpRequest) -> str:
    return network(client_address(request))
