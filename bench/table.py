"""The table of the bench: what was promised, what was measured, whether it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One promise: its figure, its limit and unit. `at_least` turns the comparison round; `why`
    says in a sentence, with figures of the same run, what stands in the way of a missed one."""

    name: str
    measured: float
    limit: float | None
    unit: str
    at_least: bool = False
    why: str = ""

    @property
    def kept(self) -> bool:
        """Whether the promise was kept; a figure without a limit is only told."""
        if self.limit is None:
            return True
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def printed(rows: list[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = ["", "| what | measured | promised | |", "|---|---:|---:|---|"]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        promised = "" if row.limit is None else f"{sign} {row.limit:g} {row.unit}"
        word = "" if row.limit is None else ("kept" if row.kept else "MISSED")
        told = f"{row.measured:,.2f}" if row.unit == "×" else f"{row.measured:,.1f}"
        lines.append(f"| {row.name} | {told} {row.unit} | {promised} | {word} |")
    lines += [f"\n{row.why}" for row in rows if not row.kept and row.why]
    return "\n".join(lines)


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of all values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
