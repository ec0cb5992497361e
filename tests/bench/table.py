"""The table: rows of figures, printed as Markdown, so that docs/bench.md can keep it."""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Row:
    """One figure.  `limit` is what the project promises: at most, or with `at_least` at least, that much."""

    what: str
    measured: float
    unit: str
    limit: Optional[float] = None
    at_least: bool = False
    peer: str = ""

    @property
    def kept(self) -> bool:
        """Whether the figure is within its limit."""
        if self.limit is None:
            return True
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def cells(self):
        """The row's texts."""
        limit = ""
        if self.limit is not None:
            limit = f"{'at least' if self.at_least else 'at most'} {_number(self.limit)} {self.unit}"
        return [self.what, f"{_number(self.measured)} {self.unit}", limit, self.peer, "yes" if self.kept else "**no**"]


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.3g}"


def markdown(rows) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | limit | beside it | kept |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"
