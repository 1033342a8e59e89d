"""Clause templates and what differs between their wordings."""

import pytest

from events.commitments.comparison import compare, pieces_of

from .make import publish_letter, publish_template

pytestmark = pytest.mark.django_db


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


@pytest.fixture
def wordings():
    """Three clauses; then one is reworded and moved, one taken out, one put in."""
    first = publish_template()
    clauses = [
        {"title": "接受监督", "text": "配合监督检查和投诉处理。"},
        {"title": "材料真实", "text": "提交的材料真实完整。"},
        {"title": "信息准确", "text": "变更及时更正。"},
    ]
    second = publish_template(
        first.template, clauses=clauses, ordinal=2, replaces=first, change_note="依活动要求修订"
    )
    return first, second


def test_draft_text_is_marked_as_such(client):
    version = publish_template()
    page = text(client, f"/commitments/templates/{version.template_id}/")
    assert "示范文本" in page
    final = publish_template(title="定稿", is_draft_text=False)
    assert "示范文本" not in text(client, f"/commitments/templates/{final.template_id}/")


def test_an_older_wording_stays_readable_and_letters_lead_to_theirs(client, wordings):
    first, _second = wordings
    letter = publish_letter(template_version=first, promises=[])
    address = f"/commitments/templates/{first.template_id}/"
    assert "质量合格" not in text(client, address)
    assert "质量合格" in text(client, f"{address}?edition={first.from_edition_id}")
    page = text(client, f"/commitments/{letter.letter_id}/")
    assert "质量合格" in page
    assert "变更及时更正" not in page
    assert f"{address}?edition={first.from_edition_id}" in page


def test_the_difference_shows_what_was_put_in_taken_out_and_moved(client, wordings):
    first, _second = wordings
    page = text(client, f"/commitments/templates/{first.template_id}/difference/")
    assert "配合<ins>监督</ins>检查和投诉处理" in page
    assert "<del>按标准组织生产。</del>" in page
    assert "<ins>变更及时更正。</ins>" in page
    assert "原第3条，现第1条" in page
    assert "没有改动" in page


def test_any_two_wordings_can_be_compared_and_others_are_told(client, wordings):
    address = f"/commitments/templates/{wordings[0].template_id}/difference/"
    back = text(client, f"{address}?older=2&newer=1")
    assert "配合<del>监督</del>检查" in back
    assert "没有差别" in text(client, f"{address}?older=1&newer=1")
    assert "没有第「9」稿" in text(client, f"{address}?older=9", 400)
    text(client, f"{address}?colour=red", 400)
    assert "没有可比较的" in text(client, f"{address}?edition={wordings[0].from_edition_id}")
    text(client, f"{address}?newer=2&edition={wordings[0].from_edition_id}", 400)


def test_a_comparison_never_makes_markup_of_text(client):
    first = publish_template()
    clauses = [{"title": "材料真实", "text": "<script>alert(1)</script>"}]
    publish_template(first.template, clauses=clauses, ordinal=2, replaces=first, change_note="x")
    page = text(client, f"/commitments/templates/{first.template_id}/difference/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pieces_join_to_both_texts():
    before, after = "我方按标准生产。", "我方持续按照标准生产"
    pieces = pieces_of(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == after


def test_removed_clauses_stand_after_the_clause_that_they_stood_after(wordings):
    rows = [(row.label, row.kind) for row in compare(*wordings)]
    assert rows == [
        ("名称", "same"),
        ("接受监督", "changed"),
        ("材料真实", "same"),
        ("质量合格", "removed"),
        ("信息准确", "added"),
    ]
