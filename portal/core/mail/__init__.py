"""All messages to persons. `send` is the only way to write to somebody."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.core.accounts.models import User

    from .models import Message


def send(
    template_base: str,
    *,
    to: "User | str",
    context: dict[str, Any],
    link: str = "",
    address: str = "",
    **secrets: str,
) -> "Message":
    """Write to an account or an address, out of templates/mail/<template_base>_subject.txt and .txt.

    `address` is where the letter goes if that is not the account's own. `secrets` are names for the template whose
    values only the letter carries; the kept message says so in their place.
    """
    from .sending import write  # models cannot be imported while the apps are still being loaded

    return write(template_base, to=to, context=context, link=link, address=address, secrets=secrets)
