"""A table that the terminal and the page of figures show alike."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as RichTable


@dataclass(frozen=True)
class Table:
    """Cells as text; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.title}: every row needs {len(self.columns)} cells")

    def markdown(self) -> str:
        """As a section of a Markdown page."""
        rule = ("---", *("---:" for _ in self.columns[1:]))
        lines = [_line(cells) for cells in (self.columns, rule, *self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, ""])

    def show(self, console: Console) -> None:
        """On a terminal."""
        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        console.print(table, markup=False)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
