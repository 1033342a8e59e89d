"""One line a measure, as the README has them."""

from dataclasses import dataclass

HEADINGS = (
    f"| {'measure':<62} | {'baseline':>12} | {'ours':>12} | {'ratio':>8} | {'goal':>10} | held |\n"
    "| --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class Line:
    """`baseline` and `ours` as they are written; `ratio` is held against `goal`, from below or from above."""

    measure: str
    baseline: str
    ours: str
    ratio: float
    goal: float
    is_least: bool = False

    @property
    def is_held(self) -> bool:
        return self.ratio >= self.goal if self.is_least else self.ratio <= self.goal

    @property
    def goal_told(self) -> str:
        return f"{'>=' if self.is_least else '<='} {self.goal:g}"

    def __str__(self) -> str:
        held = "yes" if self.is_held else "no"
        return (
            f"| {self.measure:<62} | {self.baseline:>12} | {self.ours:>12} | {self.ratio:>8.2f} | "
            f"{self.goal_told:>10} | {held:<4} |"
        )


@dataclass(frozen=True)
class Seconds(Line):
    """The goal is seconds of processor, whatever the baseline took."""

    seconds: float = 0.0

    @property
    def is_held(self) -> bool:
        return self.seconds <= self.goal

    @property
    def goal_told(self) -> str:
        return f"<= {self.goal:g} s"


def at_most(measure: str, baseline: float, ours: float, goal: float) -> Line:
    """Seconds of both, held by their ratio."""
    return Line(measure, shown(baseline), shown(ours), ours / baseline, goal)


def within(measure: str, baseline: float, ours: float, goal: float) -> Line:
    return Seconds(measure, shown(baseline), shown(ours), ours / baseline, goal, seconds=ours)


def shown(seconds: float) -> str:
    if seconds >= 0.1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 0.001 else f"{seconds * 1e6:,.0f} us"
