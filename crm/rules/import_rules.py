"""The rules an import remarks by, in words. A rule's name is kept in the database; its label may be reworded at any time."""

from __future__ import annotations

LABELS = {
    "alike": "Rows alike but for their id",
    "bad-date": "No date",
    "bad-number": "No number",
    "closed-undated": "Closed without a date",
    "column-missing": "Columns missing",
    "column-not-used": "Columns without a field",
    "corrected": "Slips of the pen corrected",
    "date-ambiguous": "Dates that read more than one way",
    "date-contradictory": "Dates that contradict each other",
    "dates-backwards": "Dates that run backwards",
    "edited-here": "Changed here since the last import",
    "empty": "Cells left blank",
    "existing-matched": "Matched to what was here",
    "file-missing": "Files missing",
    "file-not-used": "Files without a table",
    "guessed": "Columns guessed",
    "id-missing": "Rows without an id",
    "id-repeated": "Ids that repeat",
    "mapping-unclear": "Several mappings fit",
    "mapping-wrong": "The mapping",
    "near-match": "Names matched without spaces, case and punctuation",
    "near-refused": "Near matches refused",
    "near-unclear": "Names that are near several others",
    "no-folder": "The folder",
    "no-mapping": "No mapping fits",
    "no-playbook": "No playbook",
    "no-reasons": "No outcome reasons",
    "no-tables": "No tables",
    "not-a-table": "Files that are no table",
    "opened-undated": "Deals without a date of opening",
    "placeholder": "Brought under a placeholder",
    "ragged": "Rows with too few or too many cells",
    "required-missing": "Required values missing",
    "same-id": "One record in two tables",
    "same-name": "Names that are taken",
    "skipped": "Rows the mapping leaves out",
    "too-long": "Texts too long",
    "unknown-reference": "Names that lead nowhere",
    "unused": "Records nothing refers to",
    "value-kept": "Values the mapping doesn't know, kept",
    "value-unknown": "Values nobody knows",
    "varies": "Rows of one record that differ",
}


def label_of(rule: str) -> str:
    return LABELS.get(rule, rule.replace("-", " ").capitalize())
