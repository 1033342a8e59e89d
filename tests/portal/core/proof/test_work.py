"""Form keys and the proof of work: each good for its own form, and once."""

import json
import time

import altcha
import pytest
import time_machine

from portal.core.proof import keys, work

PURPOSE = "sign-up"


def key_of(signed: str) -> str:
    key = keys.form_key(signed, PURPOSE)
    assert key is not None
    return key


def solved(key: str) -> str:
    challenge = altcha.Challenge.from_dict(json.loads(work.challenge(key)))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_a_solved_challenge_is_good_for_its_form_and_no_other():
    mine, yours = key_of(keys.new_form(PURPOSE)), key_of(keys.new_form(PURPOSE))
    payload = solved(mine)
    assert work.solves(payload, mine)
    assert not work.solves(payload, yours)


def test_a_used_form_is_remembered():
    key = key_of(keys.new_form(PURPOSE))
    assert work.spend(key)
    assert not work.spend(key)


@pytest.mark.parametrize("garbage", ["", "x", "e30=", "A" * 5000])
def test_garbage_proves_nothing(garbage):
    assert not work.solves(garbage, "any")


def test_a_key_belongs_to_its_purpose_and_ends_after_three_days():
    signed = keys.new_form(PURPOSE)
    assert keys.form_key(signed, "enquiries") is None
    assert keys.form_key(signed + "x", PURPOSE) is None
    with time_machine.travel(time.time() + keys.FORM_LASTS + 5):
        assert keys.form_key(signed, PURPOSE) is None
