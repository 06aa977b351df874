"""A transcript taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.rules.transcripts import LONGEST_PIECE, NO_TEXT, OTHER_CODE, Unreadable, decoded, split

VTT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Ana Adler>We run 1,200 VMs.

2
01:02:03.500 --> 01:02:05.000
And <i>40</i> hosts.
"""


@pytest.mark.parametrize(
    "text, expected",
    [
        (VTT, [("Ana Adler: We run 1,200 VMs.", 1), ("And 40 hosts.", 3723)]),
        ("[00:12] Rae: Hello\nagain\n[00:01:30] Ana: Hi", [("Rae: Hello\nagain", 12), ("Ana: Hi", 90)]),
        ("One.\nStill one.\n\n\nTwo.", [("One.\nStill one.", None), ("Two.", None)]),
        ("\ufeffIntro\r\n10:05 Ana: Hi", [("Intro", None), ("Ana: Hi", 605)]),
        ("  \n\n ", []),
    ],
)
def test_a_transcript(text, expected):
    assert [(piece.text, piece.seconds) for piece in split(text)] == expected


def test_a_long_paragraph_is_cut_at_a_sentence():
    found = split("A sentence of some length. " * 200)
    assert max(len(piece.text) for piece in found) <= LONGEST_PIECE
    assert all(piece.text.endswith(".") for piece in found)


@given(st.text(max_size=400))
def test_no_word_is_lost(text):
    pieces = split(text)
    kept = "".join("".join(piece.text for piece in pieces).split())
    if not any(piece.seconds is not None for piece in pieces) and "-->" not in text and ":" not in text:
        assert kept == "".join(text.lstrip("\ufeff").split())


@pytest.mark.parametrize("content", ["Kühn".encode(), "Kühn".encode("utf-16"), "Kühn".encode("utf-8-sig")])
def test_a_file_is_read_in_its_own_way(content):
    assert decoded(content) == "Kühn"


@pytest.mark.parametrize(
    "content, said",
    [
        ("Kühn".encode("cp1252"), OTHER_CODE),
        ("Kühn".encode("utf-32"), NO_TEXT),
        (b"\xff\xfe\x00\xd8", NO_TEXT.replace("This", "This")),
        (b"%PDF-1.7 text", NO_TEXT),
        (b"PK\x03\x04", NO_TEXT),
        (b"a\0b", NO_TEXT),
        (bytes(range(1, 9)), NO_TEXT),
    ],
)
def test_what_is_no_text_is_refused(content, said):
    with pytest.raises(Unreadable) as refused:
        decoded(content)
    assert str(refused.value) == said


@pytest.mark.parametrize("mark", ["<a", "<v ", "<v.", "<v.x <v "])
def test_marks_that_never_close_take_no_time(mark):
    """What takes minutes where each looks to the end of the line."""
    pieces = split("00:00:01.000 --> 00:00:02.000\n" + mark * 200_000)
    assert "".join(piece.text for piece in pieces).replace(" ", "") == (mark * 200_000).replace(" ", "")
