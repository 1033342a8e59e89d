"""What an import told of the cells of its one sheet: rule and cell."""

from catalog.imports.importing import Imported


def faults_of(imported: Imported) -> list[tuple[str, str]]:
    return [(fault.rule, fault.cell.partition("!")[2]) for fault in imported.outcome.faults]


def told_of(imported: Imported) -> list[tuple[str, str]]:
    return [(told.rule, told.cell.partition("!")[2]) for told in imported.outcome.warnings]
