"""The mark that rows written by an import carry in batch entries and before-images: `import:12`."""

_MARK = "import:"


def source_of(run_id: int) -> str:
    return f"{_MARK}{run_id}"


def run_id_in(source: str) -> str:
    return source.removeprefix(_MARK)


def is_import(source: str) -> bool:
    return source.startswith(_MARK)
