"""What the deals' intervals say of the past, in its wide form; and indexes from which PostgreSQL reads a day without its rows.

Not in one transaction: a large book's past is written some thousand deals at a time. Stopped halfway it may run again.
"""

from itertools import groupby
from operator import itemgetter

from django.db import migrations

from deals.rules.spans import Piece, spans

CHUNK = 2_000
INDEXES = {
    "span_open_at": (
        "(to_at, from_at) INCLUDE (owner_id, stage, currency, amount, close_date, forecast_category, stage_from_at, deal_id)",
        "outcome = 'open'",
    ),
    "span_closed_on": (
        "(outcome, close_date) INCLUDE (to_at, from_at, owner_id, stage, currency, amount, deal_id)",
        "outcome <> 'open'",
    ),
}


def hold_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (columns, rows) in INDEXES.items():
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            schema_editor.execute(f"CREATE INDEX {name} ON deals_dealspan {columns} WHERE {rows}")


def hold_less(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (columns, rows) in INDEXES.items():
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            schema_editor.execute(f"CREATE INDEX {name} ON deals_dealspan {columns.split(' INCLUDE')[0]} WHERE {rows}")


def write(apps, schema_editor):
    deal, interval, span, person, version = (
        apps.get_model(*name.split("."))
        for name in ("deals.Deal", "deals.DealInterval", "deals.DealSpan", "crm.Person", "crm.PlaybookVersion")
    )
    versions = version.objects.order_by("number").values_list("data__stages", flat=True)
    kinds = {stage["key"]: stage["kind"] for stages in versions for stage in stages or ()}
    people = set(person.objects.values_list("pk", flat=True))
    last = 0
    while ids := list(deal.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        rows = interval.objects.filter(deal__in=ids).order_by("deal_id", "pk")
        found = rows.values_list("deal_id", "field", "value", "from_at", "to_at", "route")
        made = []
        for deal_id, of_deal in groupby(found, key=itemgetter(0)):
            pieces = [Piece(*piece, route == "import") for _, *piece, route in of_deal]
            for one in spans(pieces, kinds):
                values = {name: getattr(one, name) for name in one.__slots__}
                if one.owner_id not in people:
                    values |= {"owner_id": None, "is_whole": False}
                made.append(span(deal_id=deal_id, **values))
        span.objects.filter(deal__in=ids).delete()
        span.objects.bulk_create(made, batch_size=CHUNK)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("deals", "0012_spans"), ("crm", "0018_first_places")]
    operations = [
        migrations.RunPython(hold_more, hold_less, elidable=False),
        migrations.RunPython(write, migrations.RunPython.noop, elidable=True),
    ]
