"""What the lists are about that people write, and what an import told of the cells of their one sheet: rule and cell."""

from catalog.imports.importing import Imported

FIRM, NAME, NUMBER = "示例晨光建材有限公司", "石膏板", "CTC-00001"


def faults_of(imported: Imported) -> list[tuple[str, str]]:
    return [(fault.rule, fault.cell.partition("!")[2]) for fault in imported.outcome.faults]


def told_of(imported: Imported) -> list[tuple[str, str]]:
    return [(told.rule, told.cell.partition("!")[2]) for told in imported.outcome.warnings]
