"""Made-up names of companies, as different from each other as companies' names are: a search's work depends on it."""

from __future__ import annotations

from typing import Any

import numpy as np


def _words(text: str) -> Any:
    return np.array(text.split())


COMMON = _words("Aster Halden Tessel Corvid Ostra Pell Lindvik Marrow Quill Sable Thorne Umber")
"""Words that many companies are called by: two of a hundred by one of these."""
SYLLABLES = (
    _words(
        "Al An Bar Bel Bor Cal Cor Dan Del Dor El Fal Fen Gar Hal Har Jas Kel Kor Lan Lor Mar Mil Nor Ol Per Ros Sil Tor Wes"
    ),
    _words("a be ci da den der do en fi gi i ke la len ma min ne ra si va"),
    _words(
        "bis by cor dale dis field ford go gren ham ker kin lex lin low mark mont nix ric ris sen son ter ton via ville vik"
        " wood wyn zon"
    ),
)
"""First, middle and last: eighteen thousand words."""
TAILS = _words(
    "Group Systems Partners Bank Health Energy Services Retail Logistics Telecom Motors Foods Media Insurance Cloud Pharma"
    " University Capital Airlines Steel Shipping Textiles Robotics Hotels Mining Paper Optics Genomics Seeds Ceramics"
)
"""What they do, the usual first: the second is half as frequent, the third a third."""
TWO_WORDS = 0.15
"""Companies called by two words."""


def company_names(random: np.random.Generator, number: int) -> Any:
    """So many; one of eight is another company's too."""
    second = np.where(random.random(number) < TWO_WORDS, np.char.add(" ", _made(random, number)), "")
    often = 1 / np.arange(1, len(TAILS) + 1)
    tails = random.choice(TAILS, number, p=often / often.sum())
    return np.char.add(np.char.add(_made(random, number), second), np.char.add(" ", tails))


def _made(random: np.random.Generator, number: int) -> Any:
    first, middle, last = (random.choice(part, number) for part in SYLLABLES)
    made = np.char.add(np.char.add(first, middle), last)
    return np.where(random.random(number) < 0.02, random.choice(COMMON, number), made)
