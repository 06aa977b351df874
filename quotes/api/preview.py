"""What a quote would cost, and what would cost less: nothing is stored."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.schema import operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Clash, Invalid
from crm.rules import access
from quotes.queries import prices
from quotes.rules.alternatives import alternatives
from quotes.rules.asking import Ask
from quotes.rules.book import NoPrices, PriceRules
from quotes.rules.pricing import price
from quotes.rules.reading import read
from quotes.rules.refusals import Refused
from quotes.rules.stored import alternative_json, priced_json
from quotes.serializers import AlternativesAnswer, AskBody, PricedPreview

NO_PRICES = "The playbook in force has no price book. Operations can publish one that has."


class Priced(ApiView):
    def rules(self) -> PriceRules:
        self.require(access.sees_quotes, "Your role does not see prices.")
        try:
            return prices.current()[1]
        except NoPrices as error:
            raise Clash(NO_PRICES) from error

    def ask(self, rules: PriceRules) -> Ask:
        return read(self.body(AskBody), rules)


class Preview(Priced):
    @operation(
        id="quotes_preview",
        tag="quotes",
        says="Price a quote",
        takes=AskBody,
        answers=PricedPreview,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        rules = self.rules()
        try:
            found = price(self.ask(rules), rules)
        except Refused as error:
            raise Invalid(error.by_field()) from error
        return Response({**priced_json(found), "currency": rules.currency})


class Alternatives(Priced):
    @operation(
        id="quotes_alternatives",
        tag="quotes",
        says="Cheaper ways to the same end",
        takes=AskBody,
        answers=AlternativesAnswer,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        rules = self.rules()
        try:
            found = alternatives(self.ask(rules), rules)
        except Refused as error:
            raise Invalid(error.by_field()) from error
        return Response({"alternatives": [alternative_json(one) for one in found]})
