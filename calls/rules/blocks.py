"""What a document about a call is made of: named blocks, each a text in Markdown-light that people edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 20_000
"""Characters of a block; what Markdown-light renders."""
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """`key` names it for good, `label` is its head on the page, `text` is Markdown-light; "" where nothing is known."""

    key: str
    label: str
    text: str = ""


def item(text: str) -> str:
    """A note as one item of a list: its further lines stay within it, and marks of a list of its own are dropped."""
    lines = [_LIST.sub("", line).strip() for line in text.strip().splitlines()]
    kept = [line for line in lines if line]
    return "- " + "\n  ".join(kept) if kept else ""


def items(texts: Iterable[str]) -> str:
    """A list, each text once, in the order given."""
    return "\n".join(dict.fromkeys(found for text in texts if (found := item(text))))


def under(head: str, texts: Iterable[str]) -> str:
    """A list under a head in bold; "" where there is nothing to list."""
    found = items(texts)
    return f"**{head}**\n\n{found}" if found else ""


def paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def stands(lines: str, text: str) -> bool:
    """Whether a text is an item of a list there, word by word, with who does it and by when behind it or not."""
    found = item(text)
    return bool(found) and any(f"\n{found}{after}" in f"\n{lines}\n" for after in ("\n", " ("))


def without(text: str, gone: str) -> str:
    """A block's text without the item that says `gone`, and without the head of a list that is empty then."""
    left: list[str] = []
    for part in re.split(r"\n{2,}", text.strip("\n")):
        if (rest := _without(part, item(gone))) or not part:
            left.append(rest)
        elif left and _is_head(left[-1]):
            left.pop()
    return paragraphs(*left)


def _without(part: str, found: str) -> str:
    lines = f"\n{part}\n"
    for after in ("\n", " ("):
        while found and (at := lines.find(f"\n{found}{after}")) >= 0:
            lines = lines[: at + 1] + lines[lines.index("\n", at + 1 + len(found)) + 1 :]
    return lines.strip("\n")


def _is_head(text: str) -> bool:
    return re.fullmatch(r"\*\*.+?\*\*", text) is not None


def kept(blocks: Iterable[Block]) -> list[dict[str, str]]:
    """As a document stores them."""
    return [{"key": block.key, "label": block.label, "text": block.text} for block in blocks]


def stored(given: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """What a document stores."""
    return tuple(Block(str(one["key"]), str(one["label"]), str(one.get("text", ""))) for one in given)


def plain(text: str) -> str:
    """Markdown-light as an e-mail's plain text: lists stay lists, bold heads become lines with a colon."""
    lines = []
    for line in text.splitlines():
        head = re.fullmatch(r"\*\*(.+?)\*\*", line.strip())
        lines.append(f"{head[1].rstrip(':')}:" if head else re.sub(r"\*\*(.+?)\*\*", r"\1", line))
    return "\n".join(lines)
