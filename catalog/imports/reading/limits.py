"""What an uploaded file may cost. Plain numbers, so that the reading child needs no settings module."""

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The three limits an operator meets (bytes, rows, columns), and those only a hostile file meets."""

    bytes: int = 20 * MEGABYTE
    rows: int = 100_000
    columns: int = 120
    sheets: int = 50
    inflated_bytes: int = 500 * MEGABYTE
    ratio: int = 200
    cell_characters: int = 32_767  # Excel's own limit
    memory_bytes: int = 768 * MEGABYTE
    seconds: int = 3  # of processor time, plus one for every 10 MB that the file holds

    @property
    def sheet_rows(self) -> int:
        """Rows one sheet may reach down to: the data rows, and some for titles, headings and notes."""
        return self.rows + 1_000

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def limits_in_force() -> Limits:
    """The limits of this installation."""
    from django.conf import settings

    return Limits(
        bytes=settings.IMPORT_MAX_BYTES,
        rows=settings.IMPORT_MAX_ROWS,
        columns=settings.IMPORT_MAX_COLUMNS,
        sheets=settings.IMPORT_MAX_SHEETS,
    )
