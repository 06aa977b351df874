"""Proposals that take more than a word and a value: people, competitors, rows of tables, tasks, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from calls.rules.amounts import Reading
from calls.rules.by_playbook import matches, propose_fact, step_up
from calls.rules.known import Draft, Known, NoteView, clipped
from calls.rules.people import named
from playbook.schema.qualification import Fact

PAPER = re.compile(
    r"\b(legal|security|procurement|contract|questionnaire|purchase order|data processing)\b", re.IGNORECASE
)
POSITIONS = (
    ("incumbent", re.compile(r"\b(incumbent|current|today|run|runs|running)\b", re.IGNORECASE)),
    ("ahead", re.compile(r"\b(ahead|favou?rite|leads?|leading|prefer(?:s|red)?)\b", re.IGNORECASE)),
    ("behind", re.compile(r"\b(behind|weak(?:er)?)\b", re.IGNORECASE)),
    ("out", re.compile(r"\b(out|ruled out|rejected|dropped)\b", re.IGNORECASE)),
)
"""Words for where a competitor stands; the first that is said counts."""
GENERIC = frozenset({"cloud", "red", "azure", "the", "containers", "foundation"})
LEADS_UP = re.compile(r"(?:\s*\b(?:from|at|is|are|now|takes?|costs?|of|by|to|about|around))+\s*$", re.IGNORECASE)
"""What stands between a measure's name and its figure."""
OF_BUYER = {"economic_buyer": "economic_buyer", "champion": "champion"}
"""Buying roles that are a MEDDPICC element too."""


def counts(note: NoteView, known: Known) -> Iterator[Draft]:
    for one in note.readings:
        fact = known.fact(one.fact) if one.kind == "count" and one.fact else None
        if fact is not None:
            yield from propose_fact("count", fact, one.value, known, f"“{one.text}” counts {fact.label.lower()}.")


def answer(note: NoteView, known: Known) -> Iterator[Draft]:
    """A note tied to a question answers it, and says what the question asks for where only one thing in it can be that."""
    question = next((one for one in known.playbook.questions if one.key == note.question), None)
    if question is None or not note.words:
        return
    before = known.answers.get(question.key)
    if before != note.words:
        label = clipped(question.text, 180)
        yield Draft("answer", "answer", question.key, label, before, note.words, "The note was taken as its answer.")
    facts = [fact for fact in (known.fact(key) for key in question.facts) if fact is not None]
    for fact in facts:
        value = _asked(fact, note, known)
        if value is not None:
            yield from propose_fact("asked", fact, value, known, f"The question asks for {fact.label.lower()}.")


def _asked(fact: Fact, note: NoteView, known: Known) -> Any:
    if fact.kind == "money":
        found = [one for one in note.readings if one.kind == "money"]
        return known.yearly(found[0]) if len(found) == 1 else None
    if fact.kind == "date":
        days = [one for one in note.readings if one.kind in ("date", "quarter")]
        return days[0].value if len(days) == 1 else None
    if fact.kind == "boolean":
        first = re.match(r"(yes|no)\b", note.words, re.IGNORECASE)
        return first[1].lower() == "yes" if first else None
    if fact.kind == "choice":
        said = [one.key for one in fact.choices if re.search(rf"(?<!\w){re.escape(one.label)}(?!\w)", note.words, re.I)]
        return said[0] if len(said) == 1 else None
    return None


def person(note: NoteView, known: Known) -> Iterator[Draft]:
    """Name, title and part: somebody new becomes a contact, somebody known gets their part in the deal."""
    if not note.tagged.has("person"):
        return
    who = named(note.words, known)
    if who is None:
        return
    there = who.known
    role = who.role or (there.role if there else "") or "influencer"
    if there is not None and there.role == role:
        return
    name = there.name if there else who.name
    after = {
        "contact": there.id if there else None,
        "first_name": there.first_name if there else who.first_name,
        "last_name": there.last_name if there else who.last_name,
        "title": (there.title if there else "") or who.title,
        "persona": who.persona,
        "role": role,
    }
    before = {"role": there.role} if there and there.role else None
    said = "is a contact already, and gets a part in the deal" if there else "is new at this account"
    yield Draft("person", "contact", name.casefold()[:120], name, before, after, f"{name} {said}.")
    if role in OF_BUYER:
        yield from step_up("person", OF_BUYER[role], known, f"{name} was named as {role.replace('_', ' ')}.")


def competitor(note: NoteView, known: Known) -> Iterator[Draft]:
    if not note.tagged.has("competitor"):
        return
    here = {rival.key: rival.position for rival in known.snapshot.competitors}
    for key, name in known.rivals.items():
        word = _called(name, note.words)
        if not word:
            continue
        position = next((one for one, said in POSITIONS if said.search(note.words)), "")
        before, after = here.get(key), position or here.get(key, "level")
        if before != after:
            was = None if before is None else {"position": before}
            yield Draft("competitor", "competitor", key, name, was, {"position": after}, f"“{word}” is {name}.")


def _called(name: str, words: str) -> str:
    """The part of a competitor's name that stands in a note: "vSphere" of "VMware vSphere and Cloud Foundation"."""
    for phrase in re.split(r",\s*|\s+and\s+|\s+or\s+", name):
        parts = phrase.split()
        for word in (phrase, *(part for part in parts if len(part) > 2 and part.lower() not in GENERIC)):
            found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words, re.IGNORECASE)
            if found and (word == phrase or word[:1].isupper() or any(sign.isupper() for sign in word)):
                return found[0]
    return ""


def metric(note: NoteView, known: Known) -> Iterator[Draft]:
    """A measure: what stands before its figures is its name; of two figures of one unit the first is today's, the second the
    target; an amount is what it is worth a year."""
    if not note.tagged.has("metric") or not note.words:
        return
    figures = [one for one in note.readings if one.kind in ("count", "percent")]
    money = note.first("money")
    row: dict[str, Any] = {"name": clipped(_before(note.words, [*figures, *([money] if money else [])]), 200)}
    if figures:
        unit = figures[0].unit or "%"
        row |= {"today": figures[0].value, "unit": unit}
        same = [one for one in figures[1:] if (one.unit or "%") == unit]
        if same:
            row["target"] = same[0].value
    if money is not None and (yearly := known.yearly(money)) is not None:
        row["yearly_value"] = yearly
    yield from _row("metric", "metrics", "measures", row, known, "A metric becomes a measure.")


def _before(words: str, readings: list[Reading]) -> str:
    """The words in front of the first figure, without what leads up to it; all of them where a figure comes first."""
    places = [place for one in readings if (place := words.find(one.text)) >= 0]
    name = words[: min(places)] if places else words
    name = LEADS_UP.sub("", name.strip())
    return name.strip(" :,-–—.") or words


def criterion(note: NoteView, known: Known) -> Iterator[Draft]:
    """With the percentage in the note as its weight; else all of it where there is none yet, and none beside others: the weights
    have to sum up, which the reader settles."""
    if not note.tagged.has("criterion") or not note.words:
        return
    there = known.snapshot.element("decision_criteria").fields.get("criteria")
    percent = note.first("percent")
    weight = "0" if there else "100"
    because = "A criterion becomes a row; give it a weight." if there else "The first criterion has all the weight."
    if percent is not None and not there:
        because = "The first criterion; with others it will have the weight that was said."
    row = {"name": clipped(note.words, 200), "weight": weight}
    yield from _row("criterion", "decision_criteria", "criteria", row, known, because)


def process(note: NoteView, known: Known) -> Iterator[Draft]:
    """A step: of the paper process for legal, security and procurement, else of the decision process."""
    if not note.tagged.has("process") or not note.words:
        return
    owner = next((name for name in known.theirs if name.split()[0].casefold() in note.words.casefold().split()), "")
    row: dict[str, Any] = {"name": clipped(note.words, 200), "state": "open"}
    if owner:
        row["owner"] = owner
    day = note.first("date")
    if PAPER.search(note.words):
        days = next((one for one in note.readings if one.kind == "count" and one.unit in ("days", "weeks")), None)
        if days is not None and days.value.isdecimal():
            row["expected_days"] = int(days.value) * (7 if days.unit == "weeks" else 1)
        yield from _row("process", "paper_process", "steps", row, known, "A step of legal, security or procurement.")
        return
    if day is not None:
        row["due"] = day.value
    yield from _row("process", "decision_process", "steps", row, known, "A step to their decision.")


def date_step(note: NoteView, known: Known) -> Iterator[Draft]:
    """A day that no rule of the playbook knows a place for is a step of the decision process."""
    day = note.first("date")
    if day is None or not note.tagged.has("date"):
        return
    if any(rule.tag == "date" and rule.reading == "date" and matches(rule, note) for rule in known.playbook.note_rules):
        return
    row = {"name": clipped(note.words, 200), "due": day.value, "state": "open"}
    yield from _row("date", "decision_process", "steps", row, known, "No word beside it says which date it is.")


def _row(rule: str, element: str, field: str, row: Mapping[str, Any], known: Known, because: str) -> Iterator[Draft]:
    """One more row of a table, with the columns the playbook has; none where one of its name is there already."""
    spec = known.field(element, field)
    if spec is None or spec.kind != "table":
        return
    columns = {column.key for column in spec.columns}
    kept = {key: value for key, value in row.items() if key in columns}
    there = known.snapshot.element(element).fields.get(field)
    names = {str(one.get("name", "")).casefold() for one in there} if isinstance(there, list) else set()
    if kept.get("name") and str(kept["name"]).casefold() not in names:
        yield Draft(rule, "row", f"{element}.{field}", known.label(element, field), None, kept, because)


def action(note: NoteView, known: Known) -> Iterator[Draft]:
    """A task of whoever of us is named in it, else of its author; the first dated one is the deal's next step where none is."""
    if not note.tagged.has("action") or not note.words:
        return
    said = note.words.casefold()
    ours = [
        pk
        for pk, name in known.ours.items()
        if re.search(rf"(?<!\w){re.escape(name.split()[0].casefold())}(?!\w)", said)
    ]
    day = note.first("date")
    due = day.value if day else None
    title = clipped(note.words, 200)
    after = {"title": title, "due_date": due, "owner": ours[0] if ours else note.author_id}
    whose = f"{known.ours[ours[0]]} is named in it." if ours else "Nobody of us is named, so it is its author's."
    yield Draft("action", "task", "", title, None, after, f"An action item becomes a task. {whose}")
    if due is not None and known.snapshot.next_step_date is None:
        before = {"next_step": known.snapshot.next_step, "next_step_date": None} if known.snapshot.next_step else None
        step = {"next_step": title, "next_step_date": due}
        yield Draft(
            "next_step", "next_step", "next_step", "Next step", before, step, "The deal has no dated next step."
        )


def objection(note: NoteView, known: Known) -> Iterator[Draft]:
    text = clipped(note.words, 500)
    if note.tagged.has("objection") and text and text.casefold() not in known.objections:
        after = {"text": text, "key": note.objection}
        yield Draft("objection", "objection", "", "Objection", None, after, "An objection is raised on the deal.")


def risk(note: NoteView, known: Known) -> Iterator[Draft]:
    if note.tagged.has("risk") and note.words:
        yield Draft("risk", "red_flag", "", "Red flag", None, note.words, "A risk is kept as a note on the deal.")
