"""Everybody sits where they sit today, and has from ever: nobody wrote down where they sat before."""

import datetime as dt

from django.db import migrations

CHUNK = 1_000
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FAR = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


def seat(apps, schema_editor):
    place, person = apps.get_model("crm", "TeamPlace"), apps.get_model("crm", "Person")
    seated = place.objects.values("person_id")
    rows = person.objects.exclude(pk__in=seated).values_list("pk", "team_id", "team__path")
    place.objects.bulk_create(
        (
            place(person_id=person_id, team_id=team_id, path=path or "", from_at=EVER, to_at=FAR)
            for person_id, team_id, path in rows
        ),
        batch_size=CHUNK,
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_places_in_teams")]
    operations = [migrations.RunPython(seat, migrations.RunPython.noop, elidable=True)]
