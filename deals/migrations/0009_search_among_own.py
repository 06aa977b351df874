"""The index somebody's open deals are listed by holds what a search looks at too: the few deals of a rep are then searched by name and
by account without the table, and without looking for every account of the company that is called so."""

from django.db import migrations

NAME = "deal_open_owner_close"
WHERE = "outcome = 'open' AND deleted_at IS NULL"


def replace(schema_editor, held):
    if schema_editor.connection.vendor == "postgresql":
        include = f" INCLUDE ({held})" if held else ""
        schema_editor.execute(f"DROP INDEX {NAME}")
        schema_editor.execute(f"CREATE INDEX {NAME} ON deals_deal (owner_id, close_sort, id){include} WHERE {WHERE}")


def add(apps, schema_editor):
    replace(schema_editor, "account_id, stage, name_key")


def remove(apps, schema_editor):
    replace(schema_editor, "")


class Migration(migrations.Migration):
    dependencies = [("deals", "0008_risks")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
