"""A service that writes a guarded record tells the audit, or is called by such alone as do. Read from the code, so that a new one
that forgets it fails here before anybody has tried it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.architecture.writes import functions, untold

UNGUARDED = {
    "BulkChange": "a ledger of its own",
    "BulkOutcome": "a ledger of its own",
    "DayCheck": "computed, and a ledger of its own",
    "DayTotal": "computed",
    "StandingReport": "computed",
    "DealRisk": "computed",
    "DealScore": "computed",
    "DealSpan": "computed: the wide form of a deal's intervals",
    "Entry": "a record of its own: who wrote it, when, and which revision stands; told once the call is over",
    "Notebook": "counts the writes of notes",
    "DuplicatePair": "found by a search; what people say of a pair is told",
    "Heartbeat": "a worker's sign of life",
    "ImportRemark": "a ledger of its own",
    "ImportRun": "a ledger of its own",
    "Job": "work, asked for by a change that is told",
    "LeadScore": "computed, and a history of its own",
    "Paper": "a ledger of its own: who had which report printed",
    "ScheduledPaper": "a ledger of its own: what was sent",
    "Notification": "what somebody was told",
    "OutboxMessage": "what somebody was told",
    "RehearsalRun": "a calculation that changes nothing",
    "RehearsedChange": "a calculation that changes nothing",
    "ScoreResult": "computed",
    "ScoredInputs": "computed",
    "TeamPlace": "a history of its own: the person and the team are told",
    "Use": "a ledger of its own: who read or copied what",
    "SentForm": "which forms were sent, so that none counts twice",
}
"""Models whose rows may be written without a word, each with its reason."""
BY_IMPORT = ("crm.importing.kinds.", "crm.importing.writers.Writer.", "deals.importing.")
"""Writers of the import: `crm.importing.run` and `undo` tell of every record of a batch, in its transaction."""
EXEMPT = {
    "reports.services.forecast_runs.begin": "a run of the model, whose own row says when and what came of it",
    "reports.services.forecast_runs.finish": "a run of the model, whose own row says when and what came of it",
    "reports.services.forecast_runs._keep_chances": "what a run says of each deal, which follows from it",
    "calls.services.proposals.keep": "follows from notes and deal; what is decided on it is told",
    "calls.services.holding._stop": "the clock of a running call, whose end is told",
    "calls.services.holding.switch_part": "the clock of a running call: which part is under way",
    "activities.services.evidence.choose": "the element that names the files is told of, with their names",
    "activities.services.reminders.plan_again": "when a reminder comes, which follows from the task's day and its owner's clock",
    "activities.services.reminders._remind": "that somebody was reminded",
    "crm.auth.BearerTokenAuthentication.authenticate": "when a token was last used",
    "crm.services.bulk.ask": "a bulk change's own row",
    "crm.services.bulk.ask_undo": "a bulk change's own row",
    "crm.services.bulk.perform": "a bulk change's own row; the action tells of each record",
    "crm.services.bulk.perform_undo": "a bulk change's own row; the action tells of each record",
    "crm.services.exports.perform": "a bulk change's own row",
    "crm.services.exports.sweep": "a bulk change's own row",
    "crm.services.import_work._finish": "an import's own row",
    "crm.services.import_work._found_or_guessed": "an import's own row",
    "crm.services.import_work._read": "an import's own row",
    "crm.services.import_work._refuse": "an import's own row",
    "crm.services.imports._refuse_while_busy": "an import's own row",
    "crm.services.imports.check_again": "an import's own row",
    "crm.services.imports.start_import": "an import's own row",
    "crm.services.imports.start_undo": "an import's own row",
    "crm.services.notifications.mark_all_read": "what somebody has read",
    "crm.services.notifications.mark_read": "what somebody has read",
    "crm.services.outbox._failed": "what somebody was told",
    "crm.services.outbox._give_up_old": "what somebody was told",
    "crm.services.outbox._take": "what somebody was told",
    "crm.services.rehearsals._keep": "a calculation that changes nothing",
    "crm.services.rehearsals.ask": "a calculation that changes nothing",
    "crm.services.saved_views.move_view": "the order of one's own tabs",
    **dict.fromkeys(
        (f"reports.services.report_papers.{name}" for name in ("_named", "_send", "delete", "try_again")),
        "a paper's own row",
    ),
    "deals.services.risks._judge": "computed",
    "deals.services.scores.write_score": "computed",
}
"""Functions that write rows they were given, or of which another tells, each with its reason."""


def test_every_write_of_a_guarded_record_is_told():
    found = {name for name in untold(functions(), set(UNGUARDED)) if not name.startswith(BY_IMPORT)}
    assert found - EXEMPT.keys() == set(), "Tell the audit (crm.services.audit.record), or give a reason in EXEMPT."
    assert EXEMPT.keys() - found == set(), "These are told by now, or gone: take them out of EXEMPT."


@pytest.mark.parametrize("name", ["deals.services.stages._write", "crm.services.accounts.update_account"])
def test_a_writer_is_seen_as_one(name):
    """The reading itself: known writers are found, and would be missed if nothing told of them."""
    found = {key: replace(one, tells=False) for key, one in functions().items()}
    assert found[name].writes
    assert name in untold(found, set(UNGUARDED))
