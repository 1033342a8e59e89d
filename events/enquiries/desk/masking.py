"""Personal data of a sender as the desk shows them: masked, until whoever works on the enquiry asks."""

from portal.core.text.masking import mask_email, mask_name, mask_phone

from ..models import Enquiry


def masked_contact(enquiry: Enquiry, *, is_revealed: bool = False) -> list[tuple[str, str]]:
    """(label, words) of what was left, masked unless revealed."""
    shown = {
        "contact_name": mask_name,
        "contact_phone": mask_phone,
        "contact_email": mask_email,
    }
    return [
        (
            str(getattr(enquiry._meta.get_field(name), "verbose_name", name)),
            value if is_revealed else mask(value),
        )
        for name, mask in shown.items()
        if (value := getattr(enquiry, name))
    ]
