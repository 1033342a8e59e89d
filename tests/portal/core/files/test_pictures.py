"""What becomes of an uploaded picture."""

import io

import pytest
from PIL import Image

from portal.core.files.intake.pictures import draw, opened
from portal.core.files.intake.refusals import FileRefused

from .uploads import drawing, photo


def test_a_photo_comes_in_the_widths_of_the_page_and_no_wider_than_it_is():
    assert [drawn.width for drawn in draw(photo(2400, 1600))] == [480, 960, 1600]
    assert [(drawn.width, drawn.height) for drawn in draw(photo(1200, 800))] == [
        (480, 320),
        (960, 640),
        (1200, 800),
    ]
    assert [drawn.width for drawn in draw(drawing())] == [300]


def test_place_camera_and_person_are_gone():
    content = photo()
    assert b"SECRET-CAMERA" in content
    for drawn in draw(content):
        assert b"SECRET" not in drawn.content
        with Image.open(io.BytesIO(drawn.content)) as image:
            assert image.format == "WEBP"
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)


def test_a_picture_held_sideways_is_turned_upright():
    turned = Image.Exif()
    turned[0x0112] = 6
    assert opened(photo(1200, 800, exif=turned)).size == (800, 1200)


def test_transparent_parts_stay_transparent():
    (drawn,) = draw(drawing("RGB", (200, 200)))
    assert Image.open(io.BytesIO(drawn.content)).mode == "RGB"
    target = io.BytesIO()
    Image.new("RGBA", (200, 200), (10, 20, 30, 100)).save(target, "PNG")
    (drawn,) = draw(target.getvalue())
    assert Image.open(io.BytesIO(drawn.content)).mode == "RGBA"


def animated() -> bytes:
    frames = [Image.new("RGB", (100, 100), color) for color in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    return target.getvalue()


def gif() -> bytes:
    target = io.BytesIO()
    Image.new("P", (100, 100)).save(target, "GIF")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "picture.unreadable"),
        (b"GIF89a nonsense", "picture.unreadable"),
        (gif(), "picture.unreadable"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "picture.unreadable"),
        (photo()[:2000], "picture.cut_off"),
        (drawing(size=(20, 400)), "picture.too_small"),
        (animated(), "picture.animated"),
    ],
)
def test_what_is_no_still_picture_is_refused_with_a_sentence(content, rule):
    with pytest.raises(FileRefused) as refused:
        draw(content)
    assert refused.value.rule == rule
    assert refused.value.sentence.endswith("。")


def test_the_limits_are_settings_and_named_in_the_sentence(settings):
    settings.PICTURE_MAX_PIXELS = 1_000_000
    with pytest.raises(FileRefused) as refused:
        draw(photo(1200, 1000))
    assert "1 百万像素" in refused.value.sentence
    settings.PICTURE_MAX_BYTES = 2 * 1024 * 1024
    with pytest.raises(FileRefused) as refused:
        draw(b"x" * (2 * 1024 * 1024 + 1))
    assert "2 MB" in refused.value.sentence
