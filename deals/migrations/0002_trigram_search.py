"""Substring search over a million names needs trigrams on PostgreSQL; SQLite serves one machine and scans."""

from django.db import migrations

INDEXES = {"deal_name_trigrams": "deals_deal"}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return  # a server without contrib modules: search works, it scans
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for index, table in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {index} ON {table} USING gin (name_key gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for index in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {index}")


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("crm", "0002_trigram_search")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
