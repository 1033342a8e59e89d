"""Whose line a request came over, as limits count it."""

from django.http import HttpRequest

from portal.accounts.addresses import client_address
from portal.proof.limits import network


def network_of(request: HttpRequest) -> str:
    return network(client_address(request))
