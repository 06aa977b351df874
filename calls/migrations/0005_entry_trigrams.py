"""Search through the notes of all calls while somebody types needs trigrams on PostgreSQL; SQLite serves one machine and scans.

Over the text in capitals, as Django asks for what contains something whatever its case."""

from django.db import migrations

INDEX = "entry_trigrams"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return  # a server without contrib modules: search works, it scans
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(f"CREATE INDEX {INDEX} ON calls_entry USING gin (UPPER(text) gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("calls", "0004_demos_and_proofs"), ("crm", "0002_trigram_search")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
