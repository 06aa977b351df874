"""Many ids as one condition."""

from __future__ import annotations

import pytest

from crm.lib.ids import AnyId
from crm.models import Account
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_rows_with_one_of_the_ids_are_found() -> None:
    aster, corvid, _ = (make_account(name) for name in ("Aster", "Corvid", "Ostra"))
    rows = Account.objects.order_by("id")
    assert list(rows.filter(AnyId("id", [corvid.pk, aster.pk, 2**62]))) == [aster, corvid]
    assert list(rows.filter(AnyId("id", []))) == []
    assert list(rows.exclude(AnyId("id", [aster.pk])).filter(AnyId("id", {aster.pk, corvid.pk}))) == [corvid]
    with pytest.raises(ValueError, match="invalid literal"):
        AnyId("id", ["1) OR (1=1"])  # type: ignore[list-item]
