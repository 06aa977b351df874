"""A deal with a long story: 2,000 entries of a year, of four kinds that take turns."""

from __future__ import annotations

from django.db import connection

from crm.models import Person
from deals.models import Deal

EACH = 500
ENTRIES = (
    """
    INSERT INTO activities_note (deal_id, at, created_at, updated_at, version, body, created_by_id)
    SELECT %(deal)s, m.at, now(), now(), 1, 'They asked again for the **migration plan**, number ' || n, %(by)s
    FROM generate_series(1, %(each)s) n, LATERAL (SELECT now() - interval '1 hour' * (4 * n + %(place)s) AS at) m
    """,
    """
    INSERT INTO activities_activity
      (deal_id, at, created_at, updated_at, version, kind, direction, subject, minutes, sender, recipients, body, created_by_id)
    SELECT %(deal)s, m.at, now(), now(), 1, 'call', 'out', 'Call ' || n, 20, '', '', 'Went through the plan.', %(by)s
    FROM generate_series(1, %(each)s) n, LATERAL (SELECT now() - interval '1 hour' * (4 * n + %(place)s) AS at) m
    """,
    """
    INSERT INTO deals_dealinterval (deal_id, field, value, from_at, to_at, changed_by_id, why, route, unmet)
    SELECT %(deal)s, 'amount', (250000 + n)::text || '.00 USD', m.at, m.at + interval '4 hours', %(by)s, '', 'page', '[]'
    FROM generate_series(1, %(each)s) n, LATERAL (SELECT now() - interval '1 hour' * (4 * n + %(place)s) AS at) m
    """,
    """
    INSERT INTO crm_auditentry (kind, object_id, deal_id, verb, changes, why, route, made_at, made_by_id)
    SELECT 'bant', %(deal)s, %(deal)s, 'facts', '{"pain_clarity": ["vague", "clear"]}', '', 'page', m.at, %(by)s
    FROM generate_series(1, %(each)s) n, LATERAL (SELECT now() - interval '1 hour' * (4 * n + %(place)s) AS at) m
    """,
)
"""Each entry four hours after the one before, and an hour after those of the sort before: `place`."""


def long_deal(owner: Person) -> int:
    """The id of an open deal of theirs that has had 2,000 entries written into its timeline."""
    deal = Deal.objects.open().filter(owner=owner).order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        for place, statement in enumerate(ENTRIES):
            cursor.execute(statement, {"deal": deal, "by": owner.pk, "each": EACH, "place": place})
    return deal
