"""Cards and their claims, as published; to editors as they stand in the open draft, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from battlecards.models import Card, Draft, DraftClaim, Placed
from battlecards.models.cards import KINDS, Sort
from battlecards.queries.cards import Said, content_of, tallies
from battlecards.queries.searching import search
from battlecards.queries.standing import Standing, standings
from battlecards.rules.content import claim_of
from battlecards.rules.states import OPEN
from battlecards.serializers import CardAnswer, CardClaimAnswer, CardRow, FoundAnswer, SearchAnswer
from crm.lib import keyset
from crm.lib.api.etags import Shown as Answered
from crm.lib.api.filters import one_of, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import NotAllowed
from crm.lib.keyset import Sort as Order
from crm.queries.company import company, day_of
from crm.rules import access
from playbook.schema.cards import Tally

PATH = {"slug": "The card's slug, such as vmware."}
DRAFT = OpenApiParameter("draft", str, description="1: the claims of the open draft; for editors.", enum=["1"])


@dataclass(frozen=True, slots=True)
class Shown:
    card: Card
    tally: Tally
    draft: bool = False
    claims: tuple[ClaimShown, ...] = ()

    @property
    def competitor(self) -> str | None:
        return self.card.competitor.key if self.card.competitor else None

    @property
    def version(self) -> int | None:
        return self.card.current.number if self.card.current else None


@dataclass(frozen=True, slots=True)
class ClaimShown:
    id: int | None
    card: str
    key: str
    kind: str
    content: dict[str, Any]
    standing: Standing
    under_review: bool = False

    @property
    def verified_on(self) -> Any:
        return self.standing.verified_on

    @property
    def expires_on(self) -> Any:
        return self.standing.expires_on

    @property
    def expired(self) -> bool:
        return self.standing.has_expired(day_of(company(), timezone.now()))


class CardApi(ApiView):
    def cards(self) -> Any:
        return Card.objects.visible_to(self.person).select_related("competitor", "current")

    def card(self, slug: str) -> Card:
        found: Card | None = self.cards().filter(slug=slug).first()
        if found is None:
            raise Http404
        return found


class CardList(CardApi):
    filters = (
        one_of("sort_of", "Of this sort.", Sort.values),
        text("competitor", "Against the competitor of this key."),
    )
    sorts = keyset.both_ways(Order("title", "Title", ("title",)))

    @listing(id="cards_list", tag="battlecards", says="Battle cards", rows=CardRow, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        wanted = self.wanted()
        rows = self.cards()
        if sort := wanted.get("sort_of"):
            rows = rows.filter(sort=sort)
        if competitor := wanted.get("competitor"):
            rows = rows.filter(competitor__key=competitor)
        return self.listed(rows, _rows, default="title")


def _rows(cards: list[Card]) -> list[Any]:
    summed = tallies(cards)
    return list(CardRow([Shown(card, summed[card.pk]) for card in cards], many=True).data)


class CardDetail(CardApi):
    filters = (one_of("draft", "1: the claims of the open draft; for editors.", ["1"]),)

    @operation(
        id="cards_read",
        tag="battlecards",
        says="One card with its claims",
        path=PATH,
        answers=CardAnswer,
        parameters=[DRAFT],
    )
    def get(self, request: Request, slug: str) -> Response:
        card = self.card(slug)
        draft = bool(self.wanted().get("draft"))
        claims = self.drafted(card) if draft else published(card)
        shown = Shown(card, tallies([card])[card.pk], draft, tuple(claims))
        return self.answer(Answered(CardAnswer(shown).data, card.version))

    def drafted(self, card: Card) -> list[ClaimShown]:
        if not access.may_edit_cards(self.person.roles):
            raise NotAllowed("Drafts are for those who keep the cards: enablement and operations.")
        draft = Draft.objects.filter(card=card, state__in=OPEN).first()
        if draft is None:
            raise Http404
        rows = DraftClaim.objects.filter(draft=draft, removed=False).select_related("base").order_by("place", "pk")
        nothing = Standing(None, None)
        return [
            ClaimShown(row.base.claim_id if row.base else None, card.slug, row.key, row.kind, row.content, nothing)
            for row in rows
        ]


def published(card: Card) -> list[ClaimShown]:
    if card.current is None:
        return []
    said = content_of(card.current, card.sort).said
    stands = standings(said)
    marked = set(card.claims.filter(review_since_at__isnull=False).values_list("pk", flat=True))
    return [
        ClaimShown(
            one.claim_id,
            card.slug,
            one.claim.key,
            one.kind,
            one.claim.model_dump(mode="json", exclude_defaults=True),
            stands[one.wording_id],
            one.claim_id in marked,
        )
        for one in said
    ]


class ClaimList(CardApi):
    filters = (
        text("card", "Of the card of this slug."),
        one_of("kind", "Of this kind.", [key for key, _ in KINDS]),
        text("competitor", "Against the competitor of this key."),
        one_of("customer", "yes: customers may be shown it.", ["yes", "no"]),
    )
    sorts = keyset.both_ways(Order("id", "Id", ("wording_id",)))

    @listing(
        id="claims_list", tag="battlecards", says="Published claims", rows=CardClaimAnswer, filters=filters, sorts=sorts
    )
    def get(self, request: Request) -> Response:
        wanted = self.wanted()
        rows = Placed.objects.filter(
            version__in=self.cards().published().order_by().values("current"), wording__retired=False
        )
        names = {"card": "version__card__slug", "kind": "wording__kind", "competitor": "version__card__competitor__key"}
        rows = rows.filter(**{names[name]: value for name, value in wanted.items() if name in names})
        if "customer" in wanted:
            rows = rows.filter(wording__customer=wanted["customer"] == "yes")
        return self.listed(rows.select_related("wording__claim__card"), _claims, default="id")


def _claims(placed: list[Placed]) -> list[Any]:
    said = [
        Said(claim_of(one.wording.kind, one.wording.content), one.wording_id, one.wording.claim_id) for one in placed
    ]
    stands = standings(said)
    shown = [
        ClaimShown(
            one.wording.claim_id,
            one.wording.claim.card.slug,
            one.wording.claim.key,
            one.wording.kind,
            one.wording.content,
            stands[one.wording_id],
            one.wording.claim.review_since_at is not None,
        )
        for one in placed
    ]
    return list(CardClaimAnswer(shown, many=True).data)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was found, without the marks a page puts into it."""

    card: str
    kind: str
    title: str
    passage: str
    url: str


class Search(CardApi):
    filters = (
        text("q", "Every word has to be there."),
        one_of("kind", "Of this kind.", [key for key, _ in KINDS]),
        text("card", "Of the card of this slug."),
    )

    @operation(
        id="cards_search",
        tag="battlecards",
        says="Search cards, objections and messaging, the best first",
        answers=SearchAnswer,
        parameters=[one.parameter for one in filters],
    )
    def get(self, request: Request) -> Response:
        wanted = self.wanted()
        found = search(self.person, wanted.get("q", ""), kind=wanted.get("kind", ""), card=wanted.get("card", ""))
        hits = [
            Passage(
                hit.card.slug,
                hit.kind,
                "".join(piece for piece, _ in hit.title),
                "".join(piece for piece, _ in hit.body),
                request.build_absolute_uri(hit.url),
            )
            for hit in found.hits
        ]
        return Response({"count": found.count, "results": FoundAnswer(hits, many=True).data})
