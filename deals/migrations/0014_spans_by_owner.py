"""Indexes of spans that begin with whose they were, for reports of a team; PostgreSQL's hold what such a report adds up."""

from django.conf import settings
from django.db import migrations, models

HELD = "owner_id, to_at) INCLUDE (from_at, stage, currency, amount, close_date, forecast_category, stage_from_at, deal_id"
INDEXES = {
    "span_owner_open": (HELD, " WHERE outcome = 'open'"),
    "span_owner_begun": ("owner_id, from_at) INCLUDE (deal_id", ""),
}


def hold_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (columns, rows) in INDEXES.items():
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            schema_editor.execute(f"CREATE INDEX {name} ON deals_dealspan ({columns}){rows}")


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0013_spans_of_the_past"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dealspan",
            index=models.Index(condition=models.Q(("outcome", "open")), fields=["owner", "to_at"], name="span_owner_open"),
        ),
        migrations.AddIndex(
            model_name="dealspan",
            index=models.Index(fields=["owner", "from_at"], name="span_owner_begun"),
        ),
        # Backwards the indexes are dropped by their names, whatever they hold.
        migrations.RunPython(hold_more, migrations.RunPython.noop, elidable=False),
    ]
