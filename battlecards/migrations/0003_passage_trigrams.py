"""Search over twenty thousand passages while somebody types needs trigrams on PostgreSQL; SQLite serves one machine and scans."""

from django.db import migrations

INDEX = "passage_trigrams"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return  # a server without contrib modules: search works, it scans
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(f"CREATE INDEX {INDEX} ON battlecards_passage USING gin (folded gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("battlecards", "0002_field_and_review"), ("crm", "0002_trigram_search")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
