"""Markdown-light as HTML: paragraphs, bold, italic, lists, links, code and quotes; nothing else, and no HTML of the writer's.

Safe by construction: the parser knows no raw HTML, every text is escaped by its renderer, and a link leads to http, https or
mailto, or stays the text it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from activities.rules.mentions import MENTION

LONGEST = 20_000
"""Characters of a text."""
SCHEMES = frozenset({"http", "https", "mailto"})
PARTS = ("emphasis", "link", "autolink", "list", "blockquote", "fence", "backticks", "newline", "escape", "entity")
_PIECES = re.compile(rf"(?P<url>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]])|{MENTION.pattern}")


def may_link(url: str) -> bool:
    """Whether a link may lead there: a full address of the web, or of a mailbox."""
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


@lru_cache(maxsize=512)
def render(text: str, mentioned: frozenset[str] = frozenset()) -> str:
    """The text as HTML. `mentioned` are the user names (in lower case) whose mentions are marked as such."""
    html: str = _parser().render(text[:LONGEST], {"mentioned": mentioned})
    return html


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True, "html": False}).enable(list(PARTS))
    parser.validateLink = may_link  # type: ignore[method-assign] # the library's own way to replace it
    parser.core.ruler.push("addresses and mentions", _mark_texts)
    parser.add_render_rule("link_open", _link_open)
    return parser


def _link_open(self: object, tokens: list[Token], index: int, options: object, env: object) -> str:
    """Links leave in a window of their own, which knows nothing of the one it came from."""
    token = tokens[index]
    token.attrSet("rel", "noopener noreferrer nofollow")
    token.attrSet("target", "_blank")
    rendered: str = self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined]
    return rendered


def _mark_texts(state: StateCore) -> None:
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        depth = 0
        found: list[Token] = []
        for token in block.children:
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            plain = token.type == "text" and depth == 0
            found += _pieces(token, state.env["mentioned"]) if plain else [token]
        block.children = found


def _pieces(token: Token, mentioned: frozenset[str]) -> Iterator[Token]:
    """A text with the addresses in it made links, and the mentions marked."""
    end = 0
    for match in _PIECES.finditer(token.content):
        if match["url"]:
            tokens = _link(match["url"]) if may_link(match["url"]) else []
        else:
            tokens = _mention(match[0]) if match["name"].rstrip(".-").lower() in mentioned else []
        if not tokens:
            continue
        yield from _text(token.content[end : match.start()])
        yield from tokens
        end = match.end()
    yield from _text(token.content[end:])


def _text(content: str) -> list[Token]:
    return [Token("text", "", 0, content=content)] if content else []


def _link(url: str) -> list[Token]:
    opened = Token("link_open", "a", 1, attrs={"href": url})
    return [opened, *_text(url), Token("link_close", "a", -1)]


def _mention(said: str) -> list[Token]:
    opened = Token("strong_open", "b", 1, attrs={"class": "mention"})
    return [opened, *_text(said), Token("strong_close", "b", -1)]
