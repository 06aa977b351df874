"""A score remembers the class before it, and PostgreSQL finds the scores since a moment: both so that owners are told at once of
what changed when a whole book was scored again."""

from django.db import migrations, models

INDEX = "lead_score_time"


def add(apps, schema_editor):
    # History is only ever appended to, so that a summary of each stretch of the table is index enough, and costs nothing to keep.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {INDEX} ON scoring_leadscore USING brin (computed_at)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_shared_inputs_and_results")]
    operations = [
        migrations.AddField(
            model_name="leadscore",
            name="previous_class",
            field=models.CharField(blank=True, max_length=1, null=True),
        ),
        migrations.RunPython(add, remove, elidable=False),
    ]
