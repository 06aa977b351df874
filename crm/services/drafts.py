"""Playbooks in the making: begun from a version or from files, edited piece by piece, discarded or published.

A draft is a valid playbook at every moment, held to the same checks as files. Enablement works on questions, operations on
everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.lib.texts import storable
from crm.models import DraftState, PlaybookDraft, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.registry import playbook_uses
from crm.rules import access
from crm.rules.drafts import changed_parts, part_labels
from crm.services.audit import Act, record
from crm.services.draft_moves import hold_to_dropped, new_moves
from crm.services.playbook import Moves
from crm.services.playbook import publish as publish_playbook
from playbook import loader, storing
from playbook.problems import PlaybookErrors, Problem
from playbook.reading import DEEPEST
from playbook.schema import SCHEMA_VERSION, Playbook

Json = dict[str, Any]
Change = Callable[[Json], Json]
"""From a draft's content to another. It may change what it is given."""

UNFIT = "holds letters that can't be stored, or is nested too deeply"
QUESTIONS_ONLY = "Enablement drafts questions. For everything else ask operations."


def begin(
    *,
    act: Act,
    name: str,
    base: int,
    texts: Mapping[str, str] | None = None,
    questions_only: bool = False,
    note: str = "",
) -> PlaybookDraft:
    """A draft that starts as version `base`, with these files in place of its own.

    Raises NotAllowed; PlaybookErrors with every error of the files; Invalid where the version does not exist ("base"), there
    is no name, or a draft for questions only would change more ("questions_only").
    """
    roles = act.by.roles if act.by else []
    if act.by is not None and not access.may_draft_questions(roles):
        raise NotAllowed("Only enablement and operations draft playbooks.")
    questions_only = questions_only or not (act.by is None or access.may_draft_playbook(roles))
    version = PlaybookVersion.objects.filter(number=base).first()
    if version is None:
        raise Invalid({"base": "There is no such version of the playbook."})
    started = playbooks.by_number(base)
    content = loader.loads({**playbooks.files(base), **texts}) if texts else started
    _hold_to_questions(questions_only, started, content)
    with transaction.atomic():
        draft = PlaybookDraft.objects.create(
            **_stored(content),
            based_on=version,
            questions_only=questions_only,
            name=_name(name),
            note=note.strip(),
            created_by=act.by,
            created_at=act.now,
            updated_by=act.by,
            updated_at=act.now,
        )
        changes = {"name": ("", draft.name), "based_on": (None, base)}
        record(act=act, kind="playbook_draft", record_id=draft.pk, verb="created", changes=changes)
    return draft


def edit(
    *, act: Act, draft_id: int, change: Change, moves: Moves | None = None, expected_version: int | None = None
) -> PlaybookDraft:
    """Changes a draft's content, and with `moves` where dropped entries go: {"stages": {...}} leaves the reasons' alone.

    Raises PlaybookErrors for what would spoil it, NotAllowed, Clash where it is no longer a draft, EditConflict.
    """
    with transaction.atomic():
        draft = _locked(act, draft_id, expected_version)
        _check_moves(moves or {})
        before = content_of(draft)
        content = read(change(storing.to_json(before)))
        new = new_moves(draft, moves or {})
        _hold_to_scope(act, draft, before, content, moved=new)
        hold_to_dropped(draft, content, new)
        moved = {**draft.moves, **{part: dict(places) for part, places in (moves or {}).items()}}
        stored = _stored(content)
        if stored["digest"] == draft.digest and moved == draft.moves:
            return draft
        changes: dict[str, tuple[Any, Any]] = dict.fromkeys(
            changed_parts(draft.data, stored["data"]), (None, "changed")
        )
        if moved != draft.moves:
            changes["moves"] = (draft.moves, moved)
        for field, value in {**stored, "moves": moved}.items():
            setattr(draft, field, value)
        return _saved(act, draft, "changed", changes)


def bring(*, act: Act, draft_id: int, texts: Mapping[str, str], expected_version: int | None = None) -> PlaybookDraft:
    """Puts files in place of a draft's own; what is left out stays. Raises what `edit` does."""

    def replaced(data: Json) -> Json:
        files = storing.dump(storing.from_json(data))
        return storing.to_json(loader.loads({**files, **texts}))

    return edit(act=act, draft_id=draft_id, change=replaced, expected_version=expected_version)


def revise(
    *,
    act: Act,
    draft_id: int,
    parts: Mapping[str, Any],
    moves: Moves | None,
    about: Mapping[str, Any],
    expected_version: int | None = None,
) -> PlaybookDraft:
    """Puts whole parts of JSON in place of a draft's own, and changes what it is called and for: all of it or nothing.
    Raises what `edit` and `describe` do."""
    with transaction.atomic():
        draft = edit(
            act=act,
            draft_id=draft_id,
            change=lambda data: {**data, **parts},
            moves=moves,
            expected_version=expected_version,
        )
        if about:
            kept = {"name": draft.name, "note": draft.note, "questions_only": draft.questions_only}
            draft = describe(act=act, draft_id=draft_id, **{**kept, **about})
    return draft


def choose_places(*, act: Act, draft_id: int, moves: Moves, expected_version: int | None = None) -> PlaybookDraft:
    """Says where what a draft drops goes; parts that are not named stay. Raises what `edit` does."""
    return edit(act=act, draft_id=draft_id, change=lambda data: data, moves=moves, expected_version=expected_version)


def describe(
    *, act: Act, draft_id: int, name: str, note: str, questions_only: bool, expected_version: int | None = None
) -> PlaybookDraft:
    """What a draft is called and for. Only operations open a draft for more than questions, or close it again."""
    with transaction.atomic():
        draft = _locked(act, draft_id, expected_version)
        values = {"name": _name(name), "note": note.strip(), "questions_only": questions_only}
        changes = {key: (getattr(draft, key), value) for key, value in values.items() if getattr(draft, key) != value}
        if "questions_only" in changes:
            if act.by is not None and not access.may_draft_playbook(act.by.roles):
                raise NotAllowed(QUESTIONS_ONLY)
            _hold_to_questions(questions_only, _base(draft), content_of(draft))
        for key, (_, value) in changes.items():
            setattr(draft, key, value)
        return _saved(act, draft, "changed", changes) if changes else draft


def discard(*, act: Act, draft_id: int, expected_version: int | None = None) -> PlaybookDraft:
    """Puts a draft away. It stays to be read, and nothing can be done with it any more."""
    with transaction.atomic():
        draft = _locked(act, draft_id, expected_version)
        if not draft.questions_only and act.by is not None and not access.may_draft_playbook(act.by.roles):
            raise NotAllowed(QUESTIONS_ONLY)
        draft.state = DraftState.DISCARDED
        return _saved(act, draft, "discarded", {"state": (DraftState.DRAFT, DraftState.DISCARDED)})


def publish(
    *,
    act: Act,
    draft_id: int,
    note: str,
    moves: Moves,
    expected: int,
    expected_version: int | None = None,
) -> PlaybookVersion:
    """Publishes a draft as the next version, as `crm.services.playbook.publish` does any playbook, and closes it.

    `expected` is the number of the version it was compared with. Raises what that one does, and EditConflict where the draft
    is no longer the one that was looked at.
    """
    if act.by is not None and not access.may_publish_playbook(act.by.roles):
        raise NotAllowed("Only operations publishes a playbook.")
    with transaction.atomic():
        draft = _locked(act, draft_id, expected_version)
        version = publish_playbook(act=act, playbook=content_of(draft), note=note, moves=moves, expected=expected)
        draft.state, draft.published_as = DraftState.PUBLISHED, version
        draft.moves = {**draft.moves, **version.moves}
        _saved(act, draft, "published", {"state": (DraftState.DRAFT, DraftState.PUBLISHED)})
    return version


def read(data: Mapping[str, Any]) -> Playbook:
    """JSON that somebody has changed as a playbook. Raises PlaybookErrors, also for text no database can keep."""
    spoiled = [
        Problem(name, "", "holds letters that can't be stored") for name, part in data.items() if not _kept(part)
    ]
    if spoiled:
        raise PlaybookErrors(spoiled)
    return loader.load_json(data)


def content_of(draft: PlaybookDraft) -> Playbook:
    return storing.from_json(draft.data, draft.schema_version)


def _kept(part: Any, depth: int = 0) -> bool:
    if isinstance(part, str):  # first: most of ten thousand parts are
        return storable(part)
    if depth > DEEPEST:
        return False
    if isinstance(part, list | tuple):
        return all(_kept(item, depth + 1) for item in part)
    if isinstance(part, Mapping):
        return all(storable(str(key)) and _kept(item, depth + 1) for key, item in part.items())
    return True


def _check_moves(moves: Moves) -> None:
    known = playbook_uses.keys()
    if any(part not in known or not _kept(places) for part, places in moves.items()):
        raise Invalid({"moves": f"Rows that name parts of the playbook are those of: {', '.join(known)}."})


def _stored(content: Playbook) -> dict[str, Any]:
    data = storing.to_json(content)
    if not _kept(data):
        raise PlaybookErrors([Problem("playbook", "", UNFIT)])
    return {"data": data, "digest": storing.digest(content), "schema_version": SCHEMA_VERSION}


def _locked(act: Act, draft_id: int, expected_version: int | None) -> PlaybookDraft:
    if act.by is not None and not access.may_draft_questions(act.by.roles):
        raise NotAllowed("Only enablement and operations draft playbooks.")
    draft = PlaybookDraft.objects.select_for_update().get(pk=draft_id)
    if not draft.is_open:
        raise Clash(f"This draft is {draft.get_state_display().lower()}. Begin another one.")
    if expected_version is not None and draft.version != expected_version:
        raise EditConflict(draft)
    return draft


def _saved(act: Act, draft: PlaybookDraft, verb: str, changes: Mapping[str, tuple[Any, Any]]) -> PlaybookDraft:
    draft.version += 1
    draft.updated_by, draft.updated_at = act.by, act.now
    draft.save()
    record(act=act, kind="playbook_draft", record_id=draft.pk, verb=verb, changes=changes)
    return draft


def _hold_to_scope(
    act: Act, draft: PlaybookDraft, before: Playbook, content: Playbook, *, moved: Iterable[str]
) -> None:
    if act.by is not None and not draft.questions_only and not access.may_draft_playbook(act.by.roles):
        raise NotAllowed(QUESTIONS_ONLY)
    if draft.questions_only:
        others = _others(before, content)
        if act.by is not None and not access.may_draft_playbook(act.by.roles) and (both := {*others, *moved}):
            raise NotAllowed(f"Your drafts are for questions only. This one can't change {_listed(sorted(both))}.")
        if others:
            raise Invalid(
                {"": f"This draft is for questions only, so it can't change {_listed(others)}. Open it first."}
            )


def _hold_to_questions(questions_only: bool, started: Playbook, content: Playbook) -> None:
    others = _others(started, content) if questions_only else []
    if others:
        said = f"A draft for questions only can't change {_listed(others)}."
        raise Invalid({"questions_only": said})


def _others(before: Playbook, after: Playbook) -> list[str]:
    changed = changed_parts(storing.to_json(before), storing.to_json(after))
    return [part for part in changed if part != "questions"]


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(part_labels(parts))


def _base(draft: PlaybookDraft) -> Playbook:
    assert draft.based_on is not None
    return playbooks.by_number(draft.based_on.number)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": "Give the draft a name."})
    if len(name) > 120 or not storable(name):
        raise Invalid({"name": "A name has at most 120 letters."})
    return name
