import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.stars import STARS, read_star


@pytest.mark.parametrize(
    ("written", "star"),
    [
        *[
            (form, "3")
            for form in (
                "三星级",
                "★★★",
                "⭐⭐⭐",
                "☆☆☆",
                "3",
                "3.0",
                "３",
                "三星",
                "3星",
                "三星级 ★★★",
                "3 星级",
            )
        ],
        *[
            (form, "3")
            for form in ("三星级绿色建材", "绿色建材产品认证（三星）", "叁星", "III", "***", "三級", "3颗星")
        ],
        *[(form, "2") for form in ("二星级", "两星", "★★", "★★☆", "2.00")],
        *[(form, "1") for form in ("一星级", "★", "★☆☆", " 1星\n")],
        *[(form, "green") for form in ("绿色产品", "绿色产品认证", "綠色產品", "green")],
    ],
)
def test_each_form_people_write_has_one_value(written, star):
    assert read_star(written) == star


@pytest.mark.parametrize(
    "written", ["", "无", "4", "0", "★★★★", "绿色建材", "国家级", "三星级★★", "1.5", "13", "-1星半"]
)
def test_anything_else_is_refused_with_a_sentence(written):
    with pytest.raises(ValueError, match="星级"):
        read_star(written)


@given(st.text(st.characters()))
def test_any_text_is_a_star_or_refused(text):
    try:
        assert read_star(text) in STARS
    except ValueError as error:
        assert "星级" in str(error)  # noqa: PT017
