"""Drafts of battle cards in the access table: enablement and operations write them, and everybody with a role reads old versions."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, form, same, who
from tests.architecture.access_table_cards import reads
from tests.architecture.world import World
from tests.architecture.world_cards import VMWARE


def writes(status: int = 200) -> dict[str, int]:
    """Enablement and operations."""
    return who(403, eve=status, otto=status)


def draft(world: World) -> dict[str, Any]:
    """VMware's, which is being written."""
    return {"draft_id": world.cards.draft.pk}


def speed(world: World) -> dict[str, Any]:
    return draft(world) | {"key": "speed"}


def waiting(world: World) -> dict[str, Any]:
    """The library's, which otto submitted."""
    return {"draft_id": world.cards.waiting.pk}


def said(world: World) -> dict[str, Any]:
    row = world.cards.draft.claims.get(key="speed")
    values = {"capability": "Speed", "ours": "20 times", "theirs": "1", "winner": "us"}
    return values | {"typed": "1", "revision": row.revision, "do": "save"}


def head(world: World) -> dict[str, Any]:
    return {"title": "VMware by Broadcom", "note": "", "seen_title": "VMware vSphere", "seen_note": ""}


def sent_back(world: World) -> dict[str, Any]:
    return {"do": "back", "answer": "Name the source.", "version": world.cards.waiting.version}


def new(world: World) -> dict[str, Any]:
    return {"competitor": "proxmox", "title": "Proxmox VE", "slug": "proxmox"}


POSTED = same(405) | {"nobody": 302}
CARD_DRAFTS = {
    "card-create": Row(writes(), form(writes(302), new)),
    "card-import": Row(
        writes(), form(writes(302), lambda w: {"text": VMWARE.replace("10 times", "30 times"), "do": "import"})
    ),
    "card-export": Row(writes(), kind="data"),
    "card-edit": Row(writes(), form(writes(302), args=lambda w: {"slug": w.cards.messaging.slug})),
    "card-retire": Row(POSTED, form(writes(302), lambda w: {"retired": "1"}, lambda w: {"slug": "messaging"})),
    "card-history": Row(reads()),
    "version-detail": Row(reads(), form(writes(302), args=lambda w: {"slug": "messaging", "number": 1})),
    "version-compare": Row(reads()),
    "draft-review": Row(writes(), form(writes(302), sent_back, waiting), args=waiting),
    "draft-head": Row(POSTED, form(writes(302), head, draft), args=draft),
    "draft-now": Row(writes(), args=draft, kind="part"),
    "draft-preview": Row(writes(), args=draft),
    "draft-take-over": Row(POSTED, form(writes(302), args=draft, changes=False), args=draft),
    "draft-claims": Row(POSTED, form(writes(302), lambda w: {"kind": "row"}, draft), args=draft),
    "draft-claim": Row(writes(302), form(writes(302), said, speed), args=speed, kind="part"),
    "today-card-reviews": Row(writes()),
}
