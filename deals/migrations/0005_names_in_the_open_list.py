"""The index open deals are listed by holds their names too: a search by name then goes through it without the table."""

from django.db import migrations

NAME = "deal_open_close"
CREATE = f"CREATE INDEX {NAME} ON deals_deal (close_sort, id) INCLUDE (%s) WHERE outcome = 'open'"


def replace(schema_editor, held):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")
        schema_editor.execute(CREATE % held)


def add(apps, schema_editor):
    replace(schema_editor, "owner_id, stage, account_id, name_key")


def remove(apps, schema_editor):
    replace(schema_editor, "owner_id, stage, account_id")


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_covering_indexes")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
