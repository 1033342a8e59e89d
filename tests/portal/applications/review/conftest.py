"""What several tests of this room begin with."""

import pytest

from tests.make import make_division, make_user

from .cast import OTHER, REGION, submitted


@pytest.fixture
def regional():
    """A registration that the officer of 福建 decides."""
    make_division(REGION, "福建省")
    make_division(OTHER, "浙江省")
    officer = make_user(f"pilot_officer:{REGION}")
    case = submitted("register")
    assert case.office == REGION
    return case, officer
