"""Quotes and their revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.keyset import Sort
from crm.rules import access
from deals.models import Deal
from quotes.api.preview import NO_PRICES
from quotes.models import Quote, Revision
from quotes.rules.book import NoPrices
from quotes.rules.states import State
from quotes.serializers import (
    AcceptBody,
    DuplicateBody,
    NewQuoteBody,
    QuoteAnswer,
    QuoteBody,
    QuoteRow,
    RevisionAnswer,
    WithdrawBody,
)
from quotes.services.acceptance import accept
from quotes.services.drafts import create_quote, discard_draft, duplicate, revise, save_draft
from quotes.services.submissions import submit, withdraw

PATH = {"quote_id": "The quote's id."}
REVISION = {**PATH, "number": "The revision's number, from 1."}
READ_ONLY = "You can see this quote but not change it. Ask the owner of its deal."


class QuoteApi(ApiView):
    """Not seen: 404. Seen but not to be changed: 403."""

    def rows(self) -> QuerySet[Quote]:
        found: QuerySet[Quote] = Quote.objects.visible_to(self.person).select_related("deal")
        return found

    def quote(self, quote_id: int) -> Shown:
        people = ("latest__playbook", "latest__drafted_by", "latest__submitted_by")
        row = self.rows().select_related(*people).get(pk=quote_id)
        return Shown(QuoteAnswer(row).data, row.version)

    def editable(self, quote_id: int) -> None:
        if not self.rows().filter(pk=quote_id).exists():
            raise Http404
        if not Quote.objects.editable_by(self.person).filter(pk=quote_id).exists():
            raise NotAllowed(READ_ONLY)

    def change(self, quote_id: int, write: Callable[[int], Any]) -> Response:
        self.editable(quote_id)
        try:
            self.replace(lambda: self.quote(quote_id), write)
        except NoPrices as error:
            raise Clash(NO_PRICES) from error
        return self.answer(self.quote(quote_id))


class QuoteList(QuoteApi):
    filters = (
        identity("deal", "Of one deal."),
        one_of("state", "In this state.", [one.value for one in State]),
    )
    sorts = keyset.both_ways(Sort("updated", "Last changed", ("updated_at",)))

    @listing(id="quotes_list", tag="quotes", says="Quotes", rows=QuoteRow, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.sees_quotes)
        return self.listed(self.rows().filter(**self.wanted()), QuoteRow, default="-updated")

    @operation(
        id="quotes_create",
        tag="quotes",
        says="Begin a quote on an open deal",
        takes=NewQuoteBody,
        answers=QuoteAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_create_deals, "Your role reads quotes; it does not make them.")
        values = self.body(NewQuoteBody)
        try:
            made = create_quote(
                act=self.act(),
                deal_id=values.pop("deal"),
                title=values.pop("title"),
                inputs=values.pop("ask", {}),
                **values,
            )
        except Deal.DoesNotExist as error:
            raise Invalid({"deal": "There is no such deal."}) from error
        except NoPrices as error:
            raise Clash(NO_PRICES) from error
        return self.answer(self.quote(made.pk), status=201, location=reverse("api:quote", args=[made.pk]))


class QuoteDetail(QuoteApi):
    @operation(id="quotes_read", tag="quotes", says="One quote", path=PATH, answers=QuoteAnswer)
    def get(self, request: Request, quote_id: int) -> Response:
        return self.answer(self.quote(quote_id))

    @operation(
        id="quotes_update",
        tag="quotes",
        says="Change a quote's draft, or begin the next revision",
        path=PATH,
        takes=QuoteBody,
        answers=QuoteAnswer,
        guarded=True,
    )
    def patch(self, request: Request, quote_id: int) -> Response:
        def write(version: int) -> Quote:
            values = self.body(QuoteBody, partial=True)
            ask = values.pop("ask", None)
            if ask is None:
                latest = self.rows().select_related("latest").get(pk=quote_id).latest
                ask = latest.inputs if latest else {}
            return save_draft(act=self.act(), quote_id=quote_id, inputs=ask, expected_version=version, **values)

        return self.change(quote_id, write)

    @operation(
        id="quotes_discard",
        tag="quotes",
        says="Drop a quote's draft; a quote that is nothing else goes",
        path=PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, quote_id: int) -> Response:
        self.editable(quote_id)
        self.replace(
            lambda: self.quote(quote_id),
            lambda version: discard_draft(act=self.act(), quote_id=quote_id, expected_version=version),
        )
        return Response(status=204)


class QuoteRevise(QuoteApi):
    @operation(
        id="quotes_revise", tag="quotes", says="Begin the next revision", path=PATH, answers=QuoteAnswer, guarded=True
    )
    def post(self, request: Request, quote_id: int) -> Response:
        return self.change(
            quote_id, lambda version: revise(act=self.act(), quote_id=quote_id, expected_version=version)
        )


class QuoteSubmit(QuoteApi):
    @operation(
        id="quotes_submit",
        tag="quotes",
        says="Send the draft for approval; a worker says who has to agree",
        path=PATH,
        answers=QuoteAnswer,
        guarded=True,
        refused=True,
    )
    def post(self, request: Request, quote_id: int) -> Response:
        return self.change(
            quote_id, lambda version: submit(act=self.act(), quote_id=quote_id, expected_version=version)
        )


class QuoteWithdraw(QuoteApi):
    @operation(
        id="quotes_withdraw",
        tag="quotes",
        says="Take back what waits for approval or has it",
        path=PATH,
        takes=WithdrawBody,
        answers=QuoteAnswer,
        guarded=True,
    )
    def post(self, request: Request, quote_id: int) -> Response:
        def write(version: int) -> Quote:
            why = self.body(WithdrawBody).get("why", "")
            return withdraw(act=self.act(), quote_id=quote_id, expected_version=version, why=why)

        return self.change(quote_id, write)


class QuoteAccept(QuoteApi):
    @operation(
        id="quotes_accept",
        tag="quotes",
        says="The customer signed the approved revision: the deal takes over what was sold",
        path=PATH,
        takes=AcceptBody,
        answers=QuoteAnswer,
        guarded=True,
    )
    def post(self, request: Request, quote_id: int) -> Response:
        def write(version: int) -> Quote:
            seen = self.body(AcceptBody)["fingerprint"]
            return accept(act=self.act(), quote_id=quote_id, fingerprint=seen, expected_version=version)

        return self.change(quote_id, write)


class QuoteDuplicate(QuoteApi):
    @operation(
        id="quotes_duplicate",
        tag="quotes",
        says="A new quote with the same inputs and no approval",
        path=PATH,
        takes=DuplicateBody,
        answers=QuoteAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request, quote_id: int) -> Response:
        self.require(access.may_create_deals, "Your role reads quotes; it does not make them.")
        if not self.rows().filter(pk=quote_id).exists():
            raise Http404
        wanted = self.body(DuplicateBody).get("deal")
        try:
            made = duplicate(act=self.act(), quote_id=quote_id, deal_id=wanted)
        except Deal.DoesNotExist as error:
            raise Invalid({"deal": "There is no such deal."}) from error
        except NoPrices as error:
            raise Clash(NO_PRICES) from error
        return self.answer(self.quote(made.pk), status=201, location=reverse("api:quote", args=[made.pk]))


class RevisionApi(QuoteApi):
    def revisions(self, quote_id: int) -> QuerySet[Revision]:
        if not self.rows().filter(pk=quote_id).exists():
            raise Http404
        found: QuerySet[Revision] = Revision.objects.filter(quote=quote_id)
        return found.select_related("playbook", "drafted_by", "submitted_by")


class RevisionList(RevisionApi):
    sorts = keyset.both_ways(Sort("number", "Number", ("number",)))

    @listing(
        id="revisions_list",
        tag="quotes",
        says="The revisions of a quote",
        rows=RevisionAnswer,
        filters=(),
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, quote_id: int) -> Response:
        return self.listed(self.revisions(quote_id), RevisionAnswer, default="-number")


class RevisionDetail(RevisionApi):
    @operation(id="revisions_read", tag="quotes", says="One revision", path=REVISION, answers=RevisionAnswer)
    def get(self, request: Request, quote_id: int, number: int) -> Response:
        row = self.revisions(quote_id).get(number=number)
        return self.answer(Shown(RevisionAnswer(row).data))
