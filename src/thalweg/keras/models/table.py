"""A table drawn with box characters, for text of fixed width."""
from __future__ import annotations

from collections.abc import Sequence

_ELLIPSIS = "…"


class Table:
    """Rows under a header, with lines between them.

    Args:
      header: the titles of the columns.
      widths: how wide the text of each column may be.
      alignment: `"left"`, `"right"` or `"center"` for each column.
      width: how wide the table is; columns are narrowed or widened evenly to fit.
    """

    def __init__(self, header: Sequence[str], widths: Sequence[int], alignment: Sequence[str], width: int) -> None:
        self._header = header
        self._alignment = alignment
        # Each column has a blank on both sides; lines stand before, between and after the columns.
        self._widths = [w - 2 for w in _fitted([w + 2 for w in widths], width - len(widths) - 1)]
        self._rows: list[Sequence[str]] = []

    def add_row(self, *cells: str) -> None:
        """Adds a row."""
        self._rows.append(cells)

    def lines(self) -> list[str]:
        """The table, line by line."""
        drawn = [self._rule("┏━┳┓")]
        drawn += self._row(self._header, "┃", from_bottom=True)
        drawn.append(self._rule("┡━╇┩"))
        for number, row in enumerate(self._rows):
            if number:
                drawn.append(self._rule("├─┼┤"))
            drawn += self._row(row, "│", from_bottom=False)
        drawn.append(self._rule("└─┴┘"))
        return drawn

    def _rule(self, characters: str) -> str:
        left, line, joint, right = tuple(characters)
        return left + joint.join(line * (width + 2) for width in self._widths) + right

    def _row(self, cells: Sequence[str], line: str, from_bottom: bool) -> list[str]:
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, self._widths, strict=True)]
        height = max(len(lines) for lines in wrapped)
        padded = [[""] * (height - len(p)) + p if from_bottom else p + [""] * (height - len(p)) for p in wrapped]
        return [
            line + line.join(f" {_aligned(part[i], width, how)} "
                             for part, width, how in zip(padded, self._widths, self._alignment, strict=True)) + line
            for i in range(height)
        ]


def _aligned(text: str, width: int, how: str) -> str:
    if how == "right":
        return text.rjust(width)
    if how == "center":
        left = (width - len(text)) // 2
        return " " * left + text + " " * (width - len(text) - left)
    return text.ljust(width)


def _wrapped(text: str, width: int) -> list[str]:
    """Text broken between words; a word that is too long is cut."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and len(line) + len(word.rstrip()) > width:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    cut = [part.rstrip() for part in lines]
    return [part if len(part) <= width else part[: max(width - 1, 0)] + _ELLIPSIS for part in cut]


def _words(text: str) -> list[str]:
    """The words of a text, each with the blanks after it; blanks at the start belong to the first."""
    words: list[str] = []
    start = 0
    at = len(text) - len(text.lstrip())
    while at < len(text):
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        while end < len(text) and text[end].isspace():
            end += 1
        words.append(text[start:end])
        start = at = end
    return words or [text]


def _fitted(widths: list[int], total: int) -> list[int]:
    """Widths that add up to a total: the surplus is taken evenly, a lack is filled in proportion."""
    surplus = sum(widths) - total
    if surplus > 0:
        return _narrowed(widths, surplus)
    if surplus < 0:
        return [w + more for w, more in zip(widths, _shared(-surplus, widths), strict=True)]
    return widths


def _narrowed(widths: list[int], surplus: int) -> list[int]:
    narrowed = []
    for position, width in enumerate(widths):
        share = min(width, round(surplus / (len(widths) - position)))
        narrowed.append(width - share)
        surplus -= share
    return narrowed


def _shared(total: int, ratios: list[int]) -> list[int]:
    shares = []
    remaining, weight = total, sum(ratios)
    for ratio in ratios:
        share = -(-ratio * remaining // weight) if weight > 0 else remaining
        shares.append(share)
        remaining -= share
        weight -= ratio
    return shares
