"""Looking through all accounts and contacts for those that may be one; found pairs are kept until somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from django.db import transaction
from django.db.models import Count

from crm.lib.errors import NotAllowed
from crm.models import Account, Contact, DuplicatePair, Job
from crm.rules import access
from crm.rules.duplicates import near
from crm.services import jobs
from crm.services.audit import Act, record

FIND_TASK = "crm.tasks.find_duplicates"
CROWD = 20
"""More records of one domain or address are no duplicates of each other but a shared mailbox; only neighbours are paired then."""
BATCH = 500
Found = tuple[int, int, str]


def ask_to_look(act: Act) -> Job:
    """Has a worker look through everything. Raises NotAllowed for those who merge nothing."""
    if act.by is not None and not access.may_edit_accounts(act.by.roles):
        raise NotAllowed("Your role reads accounts and contacts; it does not merge them.")
    with transaction.atomic():
        return jobs.enqueue(FIND_TASK, key="find-duplicates", queue="bulk", label="Looking for duplicates", by=act.by)


def find(act: Act, tell: Callable[[int], None] = lambda done: None) -> int:
    """Writes the pairs that look like one now, and forgets those that no longer do; what somebody decided stays decided. How
    many pairs there are. Safe to run again."""
    total = 0
    for kind, pairs in (("account", account_pairs()), ("contact", contact_pairs())):
        reasons: dict[tuple[int, int], str] = {}
        for low, high, reason in pairs:
            reasons.setdefault((low, high), reason)
        rows = [
            DuplicatePair(kind=kind, low_id=low, high_id=high, reason=reason, found_at=act.now)
            for (low, high), reason in reasons.items()
        ]
        for start in range(0, len(rows), BATCH):
            DuplicatePair.objects.bulk_create(rows[start : start + BATCH], ignore_conflicts=True)
            tell(total + start)
        known = DuplicatePair.objects.filter(kind=kind, not_same_at=None).values_list("pk", "low_id", "high_id")
        gone = [pk for pk, low, high in known if (low, high) not in reasons]
        for start in range(0, len(gone), BATCH):
            DuplicatePair.objects.filter(pk__in=gone[start : start + BATCH], not_same_at=None).delete()
        total += len(rows)
    return total


def account_pairs() -> Iterator[Found]:
    """The same domain; then names that are one but for how a company is written, or nearly."""
    yield from _sharing(Account, "domain")
    names = Account.objects.filter(is_placeholder=False).values_list("pk", "name")
    yield from near(names.iterator())


def contact_pairs() -> Iterator[Found]:
    """The same e-mail address; then like names at one account."""
    yield from _sharing(Contact, "email")
    account = 0
    names: list[tuple[int, str]] = []
    rows = Contact.objects.order_by("account_id", "pk").values_list("account_id", "pk", "name_key")
    for account_id, pk, name in rows.iterator():
        if account_id != account:
            yield from near(names)
            account, names = account_id, []
        names.append((pk, name))
    yield from near(names)


def _sharing(model: type[Account] | type[Contact], field: str) -> Iterator[Found]:
    shared = model.objects.exclude(**{field: ""}).values(field).annotate(many=Count("pk")).filter(many__gt=1)
    for value in shared.order_by(field).values_list(field, flat=True):
        ids: Iterable[int] = model.objects.filter(**{field: value}).order_by("pk").values_list("pk", flat=True)[:CROWD]
        for low, high in combinations(ids, 2):
            yield low, high, field


@transaction.atomic
def not_the_same(*, act: Act, pair_id: int) -> DuplicatePair:
    """Remembers that two records are two. Raises DuplicatePair.DoesNotExist, NotAllowed."""
    if act.by is not None and not access.may_edit_accounts(act.by.roles):
        raise NotAllowed("Your role reads accounts and contacts; it does not merge them.")
    pair = DuplicatePair.objects.select_for_update().get(pk=pair_id)
    if pair.not_same_at is None:
        pair.not_same_by, pair.not_same_at = act.by, act.now
        pair.save()
        changes = {"not the same as": (None, pair.high_id)}
        record(act=act, kind=pair.kind, record_id=pair.low_id, verb="told apart", changes=changes)
    return pair
