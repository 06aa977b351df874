"""Sizes as people read them."""

from __future__ import annotations

import pytest

from activities.rules.words import file_in_words, size_in_words


@pytest.mark.parametrize(
    "size, words",
    [(0, "0 bytes"), (1, "1 byte"), (2048, "2 KB"), (20 * 1024**2, "20 MB"), (3_600_000, "3.4 MB")],
)
def test_a_size_in_words(size, words):
    assert size_in_words(size) == words


def test_a_file_in_words():
    assert file_in_words("plan.PDF", 2048) == "PDF, 2 KB"
