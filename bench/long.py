"""A deal with a long story: 2,000 entries of a year, of four kinds that take turns."""

from __future__ import annotations

from django.db import connection

from crm.models import Person
from deals.models import Deal

EACH = 500
AT = "now() - interval '1 hour' * (4 * n + {})"
ENTRIES = (
    f"""
    INSERT INTO activities_note (deal_id, at, created_at, updated_at, version, body, created_by_id)
    SELECT %(deal)s, {AT.format(0)}, now(), now(), 1, 'They asked again for the **migration plan**, number ' || n, %(by)s
    FROM generate_series(1, %(each)s) n
    """,
    f"""
    INSERT INTO activities_activity
      (deal_id, at, created_at, updated_at, version, kind, direction, subject, minutes, sender, recipients, body, created_by_id)
    SELECT %(deal)s, {AT.format(1)}, now(), now(), 1, 'call', 'out', 'Call ' || n, 20, '', '', 'Went through the plan.', %(by)s
    FROM generate_series(1, %(each)s) n
    """,
    f"""
    INSERT INTO deals_dealinterval (deal_id, field, value, from_at, to_at, changed_by_id, why, route, unmet)
    SELECT %(deal)s, 'amount', (250000 + n)::text || '.00 USD', {AT.format(2)}, {AT.format(-2)}, %(by)s, '', 'page', '[]'
    FROM generate_series(1, %(each)s) n
    """,
    f"""
    INSERT INTO crm_auditentry (kind, object_id, deal_id, verb, changes, why, route, made_at, made_by_id)
    SELECT 'bant', %(deal)s, %(deal)s, 'changed', '{{"pain_clarity": ["vague", "clear"]}}', '', 'page', {AT.format(3)}, %(by)s
    FROM generate_series(1, %(each)s) n
    """,
)  # nosec B608 - put together from constants of this module


def long_deal(owner: Person) -> int:
    """The id of an open deal of theirs that has had 2,000 entries written into its timeline."""
    deal = Deal.objects.open().filter(owner=owner).order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        for statement in ENTRIES:
            cursor.execute(statement, {"deal": deal, "by": owner.pk, "each": EACH})
    return deal
