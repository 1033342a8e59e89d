"""Full names of divisions."""

from .models import Division


class DivisionNames:
    """「福建省 泉州市 南安市」 from a code; all divisions are read once, when the first is asked for."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, str | None]] | None = None

    def full(self, code: str | None) -> str:
        """Names from the province down; empty for no code or an unknown one."""
        if not code:
            return ""
        rows = self._all()
        parts: list[str] = []
        while code in rows:
            name, code = rows[code]
            parts.insert(0, name)
        return " ".join(parts)

    def _all(self) -> dict[str, tuple[str, str | None]]:
        if self._rows is None:
            columns = Division.objects.values_list("code", "name", "parent_id")
            self._rows = {code: (name, parent) for code, name, parent in columns}
        return self._rows


def provinces() -> list[tuple[str, str]]:
    """Code and name, as filters offer them."""
    rows = Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")
    return list(rows.values_list("code", "name"))
