"""What stands before anybody sells: the playbook with what it names, and the company's rates and holidays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.models import Competitor, ExchangeRate, Holiday, Person, PlaybookVersion, Product
from crm.rules.currencies import Rate
from crm.services.audit import Act
from crm.services.company import set_holidays, set_rates
from playbook.schema import Playbook
from tests.conftest import shipped, shipped_row


def publish() -> Playbook:
    row = shipped_row()
    for number in (1, 2):
        values = row | {"digest": f"{row['digest'][:60]}{number}"}
        PlaybookVersion.objects.create(number=number, published_at=timezone.now(), **values)
    Competitor.objects.bulk_create(
        Competitor(key=competitor.key, name=competitor.label, in_playbook=True) for competitor in shipped().competitors
    )
    Product.objects.bulk_create(
        Product(key=product.key, name=product.label, line=product.line, in_playbook=True)
        for product in shipped().products
    )
    return shipped()


def keep_company(by: Person) -> dict[str, Any]:
    act = Act(by=by)
    set_rates(act=act, rates=[(1, Rate("EUR", dt.date(2026, 1, 1), Decimal("1.0834")))])
    set_holidays(act=act, holidays=[(dt.date(2099, 1, 1), "New Year's Day")])
    return {"rate": ExchangeRate.objects.get(), "holiday": Holiday.objects.get()}
