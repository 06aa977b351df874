"""Where what a draft drops goes: every move that is new to it leads from what it drops to what it has."""

from __future__ import annotations

from crm.lib.errors import Invalid
from crm.models import PlaybookDraft
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import misplaced
from crm.services.playbook import Moves
from playbook import storing
from playbook.schema import Playbook


def new_moves(draft: PlaybookDraft, moves: Moves) -> Moves:
    """Those that do not stand in the draft yet, by part; a part without any is left out. The others are for publishing to
    judge: what they lead to may have gone since, and a form that carries them along is not to blame."""
    new = {
        part: {old: place for old, place in places.items() if draft.moves.get(part, {}).get(old) != place}
        for part, places in moves.items()
    }
    return {part: places for part, places in new.items() if places}


def hold_to_dropped(draft: PlaybookDraft, content: Playbook, new: Moves) -> None:
    """Raises Invalid under "moves". Dropped is what the version the draft began with had, or the one in force has."""
    if not new:
        return
    befores = [playbooks.by_number(draft.based_on.number)] if draft.based_on else []
    befores.append(playbooks.current()[1])
    if wrong := list(misplaced([storing.to_json(one) for one in befores], storing.to_json(content), new)):
        raise Invalid({"moves": wrong})
