"""Scores share what they are computed from and what they are made of, instead of each carrying a copy."""

import json
from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH = 1_000


def share(apps: Any, schema_editor: Any) -> None:
    """Moves what every score carried into the rows it shares. Deal by deal, so a large book takes little memory."""
    results: dict[tuple[int, str], int] = {}
    rows = apps.get_model("scoring", "LeadScore").objects.order_by("deal_id", "computed_at", "id").iterator(chunk_size=BATCH)
    batch: list[Any] = []
    for _, scores in groupby(rows, key=lambda row: row.deal_id):
        batch += list(scores)
        if len(batch) >= BATCH:
            _share(apps, batch, results)
            batch = []
    _share(apps, batch, results)


def _share(apps: Any, rows: list[Any], results: dict[tuple[int, str], int]) -> None:
    score, inputs, result = (apps.get_model("scoring", name) for name in ("LeadScore", "ScoredInputs", "ScoreResult"))
    given: list[Any] = []
    last: tuple[Any, ...] = ()
    for row in rows:
        key = row.playbook_version_id, ",".join("-" if part[1] is None else str(part[1]) for part in row.contributions)
        if key not in results:
            made = result.objects.create(
                playbook_version_id=key[0], scores=key[1], contributions=row.contributions
            )
            results[key] = made.pk
        row.result_id, row.as_of = results[key], row.inputs["as_of"]
        parts = [row.inputs["facts"], row.inputs["overrides"], row.inputs.get("segment", "")]
        same = (row.deal_id, json.dumps(parts, sort_keys=True))
        if same != last:
            facts, overrides, segment = parts
            given.append(inputs(deal_id=row.deal_id, facts=facts, overrides=overrides, segment=segment))
        last, row.shared = same, given[-1]
    inputs.objects.bulk_create(given, batch_size=500)
    for row in rows:
        row.scored_inputs_id = row.shared.pk
    score.objects.bulk_update(rows, ["scored_inputs_id", "result_id", "as_of"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0002_trigram_search"),
        ("deals", "0002_trigram_search"),
        ("scoring", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScoredInputs",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.JSONField(default=dict)),
                ("overrides", models.JSONField(default=dict)),
                ("segment", models.CharField(blank=True, max_length=60)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScoreResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scores", models.CharField(max_length=200)),
                ("contributions", models.JSONField()),
                (
                    "playbook_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.playbookversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="scoreresult",
            constraint=models.UniqueConstraint(fields=("playbook_version", "scores"), name="score_result_once"),
        ),
        migrations.AddField(model_name="leadscore", name="as_of", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="leadscore",
            name="scored_inputs",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.scoredinputs",
            ),
        ),
        migrations.AddField(
            model_name="leadscore",
            name="result",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.scoreresult",
            ),
        ),
        migrations.AddField(
            model_name="leadscore",
            name="disqualified",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(share, migrations.RunPython.noop),
        migrations.AlterField(model_name="leadscore", name="as_of", field=models.DateField()),
        migrations.AlterField(
            model_name="leadscore",
            name="scored_inputs",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.scoredinputs",
            ),
        ),
        migrations.AlterField(
            model_name="leadscore",
            name="result",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.scoreresult",
            ),
        ),
        migrations.RemoveField(model_name="leadscore", name="contributions"),
        migrations.RemoveField(model_name="leadscore", name="inputs"),
        migrations.AlterField(
            model_name="leadscore",
            name="caused_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="leadscore",
            name="deal",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lead_scores",
                to="deals.deal",
            ),
        ),
        migrations.AlterField(
            model_name="leadscore",
            name="playbook_version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.playbookversion",
            ),
        ),
    ]
