"""Text can be read in both schemes: WCAG 2.2 AA, computed from the tokens themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_engine("asks no database")

TOKENS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
PAIRS = {
    name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
}
GROUNDS = ["paper", "sheet", "sunk", "hover", "accent-soft", "good-soft", "warn-soft", "bad-soft"]
TEXTS = ["ink", "ink-2", "ink-3", "accent", "good", "warn", "bad"]
FILLS = [("on-accent", "accent"), ("on-accent", "accent-2"), ("on-fill", "good"), ("on-fill", "bad"), ("paper", "ink")]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text, ground", [(text, ground) for text in TEXTS for ground in GROUNDS] + FILLS)
def test_text_has_the_contrast_small_text_needs(text: str, ground: str, scheme: int) -> None:
    assert contrast(PAIRS[text][scheme], PAIRS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_border_of_a_control_can_be_seen(ground: str, scheme: int) -> None:
    assert contrast(PAIRS["edge"][scheme], PAIRS[ground][scheme]) >= 3
