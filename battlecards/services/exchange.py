"""Cards as YAML files, in the form of the playbook's, out and in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from battlecards.models import Card, CardVersion, Draft
from battlecards.queries.cards import content_of
from battlecards.queries.drafts import claims_of, open_draft, published, stated, whole
from battlecards.rules import content
from battlecards.rules.differing import Difference, Stated, compare
from battlecards.rules.merging import merge
from battlecards.services.base import draft_to_write, must_edit, touch
from battlecards.services.claims import MOST_CLAIMS, unfit
from battlecards.services.drafts import LONGEST_TITLE, start_draft, wordings_of
from battlecards.services.naming import RESERVED, is_reserved
from battlecards.services.rebasing import TakenOver, apply, told
from crm.lib.errors import Invalid
from crm.lib.texts import storable
from crm.models import Competitor
from crm.services.audit import Act, record
from playbook.cards import dump_card, read_card
from playbook.problems import PlaybookErrors, Problem
from playbook.schema import cards as schema
from playbook.spec import CARD_FOLDER

MOST_CHARACTERS = 1_000_000


def card_file(version: CardVersion) -> schema.Card:
    """A published version in the playbook's form."""
    card = version.card
    return _card(card, version.title, version.document_tally, content_of(version, card.sort).claims)


def draft_file(draft: Draft) -> schema.Card:
    """What a draft holds. Raises Invalid by claim where some of it is not whole."""
    rows = claims_of(draft)
    wrong = {
        row.key: f"{content.faults(row.kind, row.content)[0].text}" for row in rows if row.faults and not row.removed
    }
    if wrong:
        raise Invalid(wrong)
    return _card(draft.card, draft.title, draft.document_tally, whole(rows))


def _card(card: Card, title: str, tally: object, claims: list[schema.Claim]) -> schema.Card:
    sections = {
        name: tuple(claim for claim in claims if claim.kind == part.kind) for name, part in schema.SECTIONS.items()
    }
    return schema.Card(
        slug=card.slug,
        title=title,
        sort=card.sort,  # type: ignore[arg-type]  # the column's choices are the schema's
        competitor=card.competitor.key if card.competitor else None,
        document_tally=schema.Tally.model_validate(tally) if tally else None,
        **sections,  # type: ignore[arg-type]
    )


def export_cards(folder: Path) -> list[Path]:
    """Writes every card in force as a file, in the folders the playbook has them in."""
    cards = Card.objects.published().select_related("competitor", "current__card__competitor").order_by("slug")
    written = []
    for card in cards:
        inside = folder / CARD_FOLDER if card.competitor_id else folder
        inside.mkdir(parents=True, exist_ok=True)
        path = inside / f"{card.slug}.yaml"
        path.write_text(dump_card(card_file(card.current)), encoding="utf-8")
        written.append(path)
    return written


@dataclass(frozen=True, slots=True)
class Read:
    """A file that could be read: the card it would change, None for a new one, and how its open draft, or what is published, would differ
    then. `clashes` are the keys of claims that file and draft both changed."""

    file: schema.Card
    card: Card | None
    draft: Draft | None
    differences: tuple[Difference, ...]
    clashes: tuple[str, ...]


def read_file(text: str, *, name: str = "card.yaml") -> Read:
    """What a file would do. Writes nothing. Raises PlaybookErrors with every error, its line and key."""
    if len(text) > MOST_CHARACTERS or not storable(text):
        reason = "holds a character that can't be stored" if len(text) <= MOST_CHARACTERS else "is larger than a card"
        raise PlaybookErrors([Problem(name, "", reason)])
    file = read_card(text, name=name)
    card = Card.objects.filter(slug=file.slug).select_related("competitor", "current").first()
    _must_fit(file, name)
    _must_belong(file, card, name)
    draft = open_draft(card.pk) if card else None
    base = published(card.current) if card else []
    theirs = stated_of(file)
    if draft is None:
        return Read(file, card, None, tuple(compare(base, theirs)), ())
    mine = stated(claims_of(draft))
    merged = merge(published(draft.base), mine, theirs)
    here = {one.key: one for one in mine}
    after = [merged.taken.get(key) or here.get(key) for key in merged.order]
    found = compare(mine, [one for one in after if one is not None])
    return Read(file, card, draft, tuple(found), tuple(one.key for one in merged.clashes))


def _must_fit(file: schema.Card, name: str) -> None:
    """What the editor would not take, no file brings: YAML writes characters that can't be stored in ones that can."""
    wrong = []
    if is_reserved(file.slug, file.sort):
        wrong.append(Problem(name, "slug", f"is {file.slug}, which {RESERVED}; choose another"))
    if len(file.title) > LONGEST_TITLE:
        wrong.append(Problem(name, "title", f"is longer than {LONGEST_TITLE} characters"))
    if not storable(file.title):
        wrong.append(Problem(name, "title", "holds a character that can't be stored"))
    if len(file.claims) > MOST_CLAIMS:
        wrong.append(Problem(name, "", f"has {len(file.claims)} claims; a card holds {MOST_CLAIMS} at most"))
    for claim in file.claims:
        if said := unfit(content.content_of(claim)):
            wrong.append(Problem(name, f"{content.SECTION_OF[claim.kind]}[{claim.key}]", said))
    if wrong:
        raise PlaybookErrors(wrong)


def _must_belong(file: schema.Card, card: Card | None, name: str) -> None:
    def refuse(key: str, reason: str) -> PlaybookErrors:
        return PlaybookErrors([Problem(name, key, reason)])

    if card is not None:
        mine = card.competitor.key if card.competitor else None
        if file.sort != card.sort:
            raise refuse("sort", f"is {file.sort}; the card {card.slug} is of sort {card.sort}")
        if file.competitor != mine:
            raise refuse("competitor", f"is {file.competitor}; the card {card.slug} is against {mine}")
        if card.retired_at is not None:
            raise refuse("slug", "is that of a retired card. Bring it back first")
        return
    if file.sort != "competitor":
        raise refuse("slug", f"is no card's here; a new card of sort {file.sort} can't be made")
    rival = Competitor.objects.filter(key=file.competitor).select_related("card").first()
    if rival is None:
        raise refuse("competitor", f"is {file.competitor}, which the playbook in force does not know")
    if hasattr(rival, "card"):
        raise refuse("slug", f"is {file.slug}; the card against {rival} is {rival.card.slug}")


def stated_of(file: schema.Card) -> list[Stated]:
    claims = content.in_order(file.sort, list(file.claims))
    return [Stated(claim.key, claim.kind, content.content_of(claim)) for claim in claims]


@transaction.atomic
def import_card(*, act: Act, text: str, name: str = "card.yaml") -> tuple[Draft, TakenOver]:
    """Puts a file into the card's draft, begun for it where none is open; never straight into force. A claim that the draft changed too,
    otherwise, keeps the draft's text and asks. Raises PlaybookErrors, NotAllowed, Clash where the draft stands still."""
    must_edit(act)
    read = read_file(text, name=name)
    card = read.card
    if card is None:
        rival = Competitor.objects.select_for_update(of=("self",), no_key=True).get(key=read.file.competitor)
        card, made = Card.objects.get_or_create(
            slug=read.file.slug,
            competitor=rival,
            defaults={"title": read.file.title, "sort": read.file.sort, "created_at": act.now},
        )
        if made:
            begun = {"title": (None, card.title)}
            record(act=act, kind="card", record_id=card.pk, verb="created", changes=begun)
    draft = draft_to_write(act, start_draft(act=act, card_id=card.pk).pk)
    rows = claims_of(draft)
    merged = merge(published(draft.base), stated(rows), stated_of(read.file))
    found = apply(act, draft, rows, merged, wordings_of(draft.base), f"the file {name}"[:60])
    changes: dict[str, tuple[object, object]] = {"imported": (None, name), **told(found)}
    tally = read.file.document_tally.model_dump() if read.file.document_tally else None
    for field, value in (("title", read.file.title), ("document_tally", tally)):
        if getattr(draft, field) != value:
            changes[field] = (getattr(draft, field), value)
            setattr(draft, field, value)
    touch(draft, act=act, verb="draft changed", changes=changes, fields=("title", "document_tally"))
    return draft, found
