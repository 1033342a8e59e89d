"""How tests work at the desk of the enquiries."""

from tests.make import make_user

from .letters import make_enquiry

LIST = "/admin/enquiries/enquiry/"


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def page_of(enquiry, part: str = "change") -> str:
    return f"{LIST}{enquiry.pk}/{part}/"


def read(client, enquiry, part: str = "change") -> str:
    response = client.get(page_of(enquiry, part))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def three():
    """One at each office; 浙江 has officers."""
    make_user("pilot_officer:330000")
    return make_enquiry(place="350000"), make_enquiry(place="330000"), make_enquiry("question")
