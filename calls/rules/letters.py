"""A document as an e-mail."""

from __future__ import annotations

from collections.abc import Sequence

from calls.rules.blocks import Block, plain


def as_text(blocks: Sequence[Block], *, signed: Sequence[str] = ()) -> str:
    """The filled blocks one after another, each under its name but for thanks, which need none; and who signs."""
    parts = [plain(one.text) if one.key == "thanks" else f"{one.label}\n\n{plain(one.text)}" for one in filled(blocks)]
    if signed:
        parts.append("\n".join(signed))
    return "\n\n\n".join(parts).strip() + "\n"


def filled(blocks: Sequence[Block]) -> list[Block]:
    """Nobody gets an empty head."""
    return [one for one in blocks if one.text.strip()]
