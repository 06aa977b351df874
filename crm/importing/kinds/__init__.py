"""What this app lets files bring: teams, people, products, accounts and contacts."""

from __future__ import annotations

from crm.importing.kinds.accounts import ACCOUNT, CONTACT
from crm.importing.kinds.people import PERSON, TEAM
from crm.importing.kinds.products import PRODUCT
from crm.registry import import_kinds


def register() -> None:
    """Called once, when the app is ready."""
    for kind in (TEAM, PERSON, PRODUCT, ACCOUNT, CONTACT):
        import_kinds.add(kind)
