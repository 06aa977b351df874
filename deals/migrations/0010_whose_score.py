"""Whose deal a score is of, and whether it is open, beside the score: a list sorted by score is walked in the order of scores, and
would otherwise ask of each of a company's deals whether it is one that is shown.

PostgreSQL keeps both in step by itself, whoever writes a deal and by whichever way. SQLite, which serves one machine, does
without: nothing reads the columns there (`deals.queries.lists.legs`).
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION deals_score_of_whose_deal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    -- Waits for whoever changes the deal just now: they don't see this row yet and could not bring it up to date.
    PERFORM 1 FROM deals_deal WHERE id = NEW.deal_id FOR SHARE;
  END IF;
  SELECT owner_id, outcome = 'open' INTO NEW.deal_owner_id, NEW.deal_is_open FROM deals_deal WHERE id = NEW.deal_id;
  RETURN NEW;
END $$;
CREATE FUNCTION deals_deal_tells_its_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE deals_dealscore SET deal_owner_id = NEW.owner_id, deal_is_open = NEW.outcome = 'open' WHERE deal_id = NEW.id;
  RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER score_of_whose_deal BEFORE INSERT OR UPDATE OF deal_owner_id, deal_is_open ON deals_dealscore
  FOR EACH ROW EXECUTE FUNCTION deals_score_of_whose_deal();
CREATE TRIGGER deal_tells_its_score AFTER UPDATE OF owner_id, outcome ON deals_deal FOR EACH ROW
  WHEN (OLD.owner_id <> NEW.owner_id OR (OLD.outcome = 'open') <> (NEW.outcome = 'open'))
  EXECUTE FUNCTION deals_deal_tells_its_score()
"""
FILL = """
UPDATE deals_dealscore s SET deal_owner_id = d.owner_id, deal_is_open = d.outcome = 'open' FROM deals_deal d WHERE d.id = s.deal_id
"""
INDEXES = """
CREATE INDEX deal_score_low ON deals_dealscore (low, deal_id) INCLUDE (deal_owner_id, deal_is_open);
CREATE INDEX deal_score_owner_low ON deals_dealscore (deal_owner_id, low, deal_id) WHERE deal_is_open
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP INDEX deal_score_low")
    for statement in (FUNCTIONS, FILL, INDEXES, TRIGGERS):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP TRIGGER deal_tells_its_score ON deals_deal")
    schema_editor.execute("DROP TRIGGER score_of_whose_deal ON deals_dealscore")
    schema_editor.execute("DROP FUNCTION deals_deal_tells_its_score(), deals_score_of_whose_deal()")
    schema_editor.execute("DROP INDEX deal_score_owner_low")
    schema_editor.execute("DROP INDEX deal_score_low")
    schema_editor.execute("CREATE INDEX deal_score_low ON deals_dealscore (low, deal_id)")


class Migration(migrations.Migration):
    dependencies = [("deals", "0009_search_among_own")]
    operations = [
        migrations.AddField("dealscore", "deal_owner_id", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("dealscore", "deal_is_open", models.BooleanField(editable=False, null=True)),
        migrations.RunPython(add, remove, elidable=False),
    ]
