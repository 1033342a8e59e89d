"""Pictures as the public gets them: opened, turned upright, stripped of everything but the picture, in several widths."""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from PIL import Image, ImageCms, ImageOps

from .clamd import refuse_infected
from .refusals import FileRefused

WIDTHS = (480, 960, 1600)
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"
SMALLEST = 64  # px; below it lies a dot or a spacer, not a picture
QUALITY = 82
JPEG_QUALITY = 90  # small print on a licence stays readable
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}


@dataclass(frozen=True)
class Drawn:
    """One width of a picture, encoded anew."""

    width: int
    height: int
    content: bytes


def draw(content: bytes) -> list[Drawn]:
    """The widths of a picture, narrowest first. Nothing of the file but its pixels survives: no place, no camera, no name."""
    if len(content) > settings.PICTURE_MAX_BYTES:
        limit = settings.PICTURE_MAX_BYTES // 1024 // 1024
        raise FileRefused("picture.too_large", f"图片超过 {limit} MB，请缩小后再上传。")
    refuse_infected(content)
    image = opened(content)
    widths = [width for width in WIDTHS if width < image.width]
    if len(widths) < len(WIDTHS):
        widths.append(image.width)
    is_drawing = image.mode == "RGBA" or (image.getcolors(maxcolors=4096) is not None)
    return [_drawn(image, width, is_drawing) for width in widths]


def opened(content: bytes) -> Image.Image:
    """The picture itself as RGB or RGBA in sRGB, upright. Raises FileRefused when it is none, or more than one."""
    _refuse_heic(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            _refuse_by_size(image)
            # Some telephones add a second view (MPO) to a JPEG; the first is the photograph, and it alone is taken.
            if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
                raise FileRefused("picture.animated", "不收动图，请换成一张静止的图片。")
            _load(image)
            return _plain(ImageOps.exif_transpose(image) or image)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning) as error:
        raise FileRefused(
            "picture.unreadable", "打不开这张图片。只收 JPEG、PNG、WebP，请用看图软件另存后再上传。"
        ) from error


def encoded_anew(content: bytes) -> tuple[str, bytes]:
    """(media type, the picture at its full resolution, without anything but the picture). Raises FileRefused."""
    image = opened(content)
    target = io.BytesIO()
    if content[:4] == b"\x89PNG":
        image.save(target, "PNG", optimize=True)
        return "image/png", target.getvalue()
    image.convert("RGB").save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return "image/jpeg", target.getvalue()


def _load(image: Image.Image) -> None:
    """A file whose head says what it is, and whose pixels end too early, was cut off on its way."""
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused(
            "picture.cut_off",
            "这张图片不完整，多半是没有传完。请检查网络后重新上传；仍不行，请重新拍摄或另存。",
        ) from error


def _refuse_heic(content: bytes) -> None:
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise FileRefused(
            "picture.heic",
            "这是 iPhone 的 HEIC 照片，本站打不开。请在手机「设置 → 相机 → 格式」里选「兼容性最佳」后重拍，"
            "或把照片截屏、另存为 JPEG 再上传。",
        )


def _refuse_by_size(image: Image.Image) -> None:
    if image.width * image.height > settings.PICTURE_MAX_PIXELS:
        limit = settings.PICTURE_MAX_PIXELS // 1_000_000
        raise FileRefused("picture.too_many_pixels", f"图片超过 {limit} 百万像素，请缩小后再上传。")
    if min(image.width, image.height) < SMALLEST:
        raise FileRefused("picture.too_small", f"图片的宽和高都须在 {SMALLEST} 像素以上。")


def _plain(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _in_srgb(image, profile)
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and plain.getextrema()[3][0] == 255:  # type: ignore[index]
        plain = plain.convert("RGB")
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant; a broken profile is as good as none."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return found or image


def _drawn(image: Image.Image, width: int, is_drawing: bool) -> Drawn:
    height = max(1, round(image.height * width / image.width))
    sized = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    return Drawn(width, height, _encoded(sized, is_drawing))


def _encoded(image: Image.Image, is_drawing: bool) -> bytes:
    """Lossless for what was drawn with few colours, where that is smaller too."""
    ways: list[dict] = [{"quality": QUALITY}, *([{"lossless": True}] if is_drawing else [])]
    return min((_saved(image, **way) for way in ways), key=len)


def _saved(image: Image.Image, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", method=4, exif=b"", xmp=b"", icc_profile=b"", **how)
    return target.getvalue()
