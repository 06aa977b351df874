"""What a new playbook drops, and where the rows that name it could go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.models import PlaybookVersion
from crm.registry import PlaybookUse, playbook_uses


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry of `part` that the new version drops. `count` rows name it today; `places` are the keys and labels they could
    go to, all of the same kind. Where nothing names it today the past still does, and reports read on from the new place."""

    part: str
    key: str
    label: str
    count: int
    noun: str
    places: tuple[tuple[str, str], ...]

    @property
    def field(self) -> str:
        """What a form calls the choice."""
        return f"{self.part}-{self.key}"

    @property
    def many(self) -> str:
        """ "1 deal", "17 deals"."""
        return f"{self.count:,} {self.noun if self.count != 1 else self.noun.removesuffix('s')}"

    @property
    def needs_place(self) -> bool:
        return bool(self.count or self.places)


def dropped(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Dropped]:
    """Every dropped stage and reason. Both playbooks as stored. One query per part that drops anything."""
    found = []
    for use in playbook_uses:
        olds, news = _entries(before, use), _entries(after, use)
        gone = [key for key in olds if key not in news]
        counts = use.used(gone) if gone else {}
        for key in gone:
            places = tuple((new["key"], new["label"]) for new in news.values() if _kind(new) == _kind(olds[key]))
            found.append(Dropped(use.key, key, olds[key]["label"], counts.get(key, 0), use.noun, places))
    return found


def misplaced(
    befores: Sequence[Mapping[str, Any]], after: Mapping[str, Any], moves: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """A sentence for every move that leads nowhere: of what `after` keeps or none of the playbooks before it had, or to what it
    does not have or is of another kind."""
    for use in playbook_uses:
        olds = {key: entry for before in befores for key, entry in _entries(before, use).items()}
        news = _entries(after, use)
        for key, place in moves.get(use.key, {}).items():
            if key in news or key not in olds:
                yield f"{use.key}: {key} is not dropped, so nothing of it goes to {place}."
            elif place not in news or _kind(news[place]) != _kind(olds[key]):
                places = (new for new, entry in news.items() if _kind(entry) == _kind(olds[key]))
                yield f"{use.key}: {key} can't go to {place}. Choose one of: {', '.join(places) or 'none is left'}."


def turned(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Entries that keep their key and become another kind (an open stage a won one): part, label, kind before and after."""
    for use in playbook_uses:
        olds, news = _entries(before, use), _entries(after, use)
        for key in (key for key in olds if key in news):
            if _kind(olds[key]) != _kind(news[key]):
                yield use.key, str(news[key]["label"]), str(_kind(olds[key])), str(_kind(news[key]))


def places_now(part: str) -> dict[str, str]:
    """Where rows went whose entry was dropped, ever: {old key: key today}. Of one dropped twice, the last time counts. An entry
    that is there again under its old key has a place here too, so ask only for what the playbook lacks."""
    places: dict[str, str] = {}
    for moves in PlaybookVersion.objects.order_by("number").values_list("moves", flat=True):
        now = moves.get(part, {})
        places = {old: now.get(new, new) for old, new in places.items()} | now
    return places


def _entries(playbook: Mapping[str, Any], use: PlaybookUse) -> dict[str, Any]:
    return {entry["key"]: entry for entry in playbook.get(use.key, ())}


def _kind(entry: Mapping[str, Any]) -> Any:
    """A won deal can't go to an open stage, nor a reason for winning become one for losing."""
    return entry.get("kind") or entry.get("outcome")
