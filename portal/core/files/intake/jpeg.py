"""JPEG as a row of segments: what a camera writes beside the picture can be left out without touching the picture."""

SEGMENTS_WITH_NOTES = {0xFE, *range(0xE1, 0xF0)} - {
    0xE2,
    0xEE,
}  # colour profile and Adobe's colour transform stay
START_OF_SCAN = 0xDA


def without_notes(content: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC and comments; bytes that are no JPEG come back as they are."""
    if content[:2] != b"\xff\xd8":
        return content
    kept, place = [content[:2]], 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == START_OF_SCAN:
            return b"".join([*kept, content[place:]])
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker not in SEGMENTS_WITH_NOTES:
            kept.append(content[place:end])
        place = end
    return content
