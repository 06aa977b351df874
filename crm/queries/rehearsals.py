"""What a rehearsal found: whether it still holds, its totals by kind of change, and its rows by filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import DraftState, JobState, PlaybookDraft, RehearsalRun, RehearsedChange
from crm.queries import playbook as playbooks
from crm.rules.rehearsal import KINDS, classes_in_words, quote_in_words
from playbook.schema import Playbook
from playbook.storing import from_json

SORTS = keyset.both_ways(
    Sort("moved", "Move of the total", ("moved",)),
    Sort("name", "Deal", ("name_key",)),
    Sort("amount", "Amount", ("amount_sort",)),
)


def latest(draft: PlaybookDraft) -> RehearsalRun | None:
    """The draft's last rehearsal, finished or not."""
    runs = RehearsalRun.objects.select_related("job", "against", "asked_by").defer("data", "against__data")
    return runs.filter(draft=draft).order_by("-pk").first()


def is_stale(run: RehearsalRun, draft: PlaybookDraft) -> bool:
    """The draft or the version in force is no longer what was rehearsed."""
    return bool(why_stale(run, draft))


def why_stale(run: RehearsalRun, draft: PlaybookDraft) -> str:
    """In a sentence; "" while it holds. That of a published draft holds where this is what was published, and of a discarded one
    for what it was."""
    if draft.state == DraftState.DISCARDED:
        return ""
    if run.digest != draft.digest or run.moves.get("stages", {}) != draft.moves.get("stages", {}):
        return "The draft was changed since." if draft.is_open else "The draft was published otherwise than rehearsed."
    if not draft.is_open:
        return ""
    newest = playbooks.current_number()
    if run.against.number != newest:
        return f"Version {newest} was published since."
    return ""


def state_of(run: RehearsalRun) -> str:
    """working, done, or stopped: its worker failed, or a newer rehearsal took its place."""
    if run.finished_at is not None:
        return "done"
    job = run.job
    return "working" if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING} else "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the rows: a kind of change, and the classes before and after ("" for any)."""

    kind: str = ""
    before: str = ""
    after: str = ""
    q: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        kind = query.get("kind", "")
        words = {name: (query.get(name) or "").strip()[:100].replace("\x00", "") for name in ("before", "after", "q")}
        return cls(kind=kind if kind in KINDS else "", **words)

    @property
    def in_words(self) -> str:
        """ "from A to B"; what is filtered by class."""
        said = [("from", self.before), ("to", self.after)]
        return " ".join(f"{word} {classes_in_words(classes)}" for word, classes in said if classes)

    @property
    def condition(self) -> Q:
        found = Q(**{f"is_{self.kind}": True}) if self.kind else Q()
        found &= Q(class_before=self.before) if self.before else Q()
        found &= Q(class_after=self.after) if self.after else Q()
        return found & (Q(name__icontains=self.q) | Q(account_name__icontains=self.q)) if self.q else found


def rows(run: RehearsalRun, wanted: Wanted | None = None) -> QuerySet[RehearsedChange]:
    return RehearsedChange.objects.filter((wanted or Wanted()).condition, run=run)


@dataclass(frozen=True, slots=True)
class Total:
    kind: str
    label: str
    count: int


class Classes(str):
    """The classes still possible; in words by `words`."""

    @property
    def words(self) -> str:
        return classes_in_words(self)


@dataclass(frozen=True, slots=True)
class Summary:
    """`kinds` are those that occur; `matrix` counts the deals by class before (its rows) and after; `money` are the deals
    of the filter summed by currency, which are never added up."""

    kinds: tuple[Total, ...]
    classes: tuple[Classes, ...]
    matrix: tuple[tuple[Classes, tuple[tuple[Classes, int], ...]], ...]
    up: int
    down: int
    money: tuple[tuple[str, int, Decimal | None], ...]


def summary(run: RehearsalRun, wanted: Wanted | None = None) -> Summary:
    """Three queries, whatever the size."""
    everything = RehearsedChange.objects.filter(run=run)
    counted = {f"n_{kind}": Count("pk", filter=Q(**{f"is_{kind}": True})) for kind in KINDS}
    moved = {"up": Count("pk", filter=Q(moved__gt=0)), "down": Count("pk", filter=Q(moved__lt=0))}
    counts = everything.aggregate(**counted, **moved)
    pairs = everything.filter(is_class=True).order_by().values_list("class_before", "class_after")
    matrix = {(old, new): count for old, new, count in pairs.annotate(count=Count("pk"))}
    befores, afters = _ordered({old for old, _ in matrix}), _ordered({new for _, new in matrix})
    money = rows(run, wanted).order_by().values_list("currency").annotate(count=Count("pk"), sum=Sum("amount"))
    return Summary(
        kinds=tuple(Total(kind, label, counts[f"n_{kind}"]) for kind, label in KINDS.items() if counts[f"n_{kind}"]),
        classes=afters,
        matrix=tuple((old, tuple((new, matrix.get((old, new), 0)) for new in afters)) for old in befores),
        up=counts["up"],
        down=counts["down"],
        money=tuple(sorted((currency, count, total) for currency, count, total in money)),
    )


def _ordered(classes: set[str]) -> tuple[Classes, ...]:
    """Decided classes first, by letter; then those still open."""
    return tuple(Classes(name) for name in sorted(classes, key=lambda name: (len(name) != 1, name)))


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A row as people read it. Ranges are (low, high), equal where the score is complete."""

    row: RehearsedChange
    stage_before: str
    stage_after: str
    newly: tuple[str, ...]
    no_longer: tuple[str, ...]
    opened: tuple[str, ...]
    settled: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...] = ()
    """Number of each quote with other approvals, and what becomes of it."""

    @property
    def dropped(self) -> bool:
        return self.row.is_stage

    @property
    def class_before(self) -> str:
        return classes_in_words(self.row.class_before)

    @property
    def class_after(self) -> str:
        return classes_in_words(self.row.class_after)


class Dresser:
    """Puts the labels of a run's two playbooks on its rows."""

    def __init__(self, run: RehearsalRun) -> None:
        before = playbooks.by_number(run.against.number)
        after = from_json(run.data, run.draft.schema_version)
        self._stages = _stages(after) | _stages(before)
        self._stages_after = _stages(after)
        self._criteria = _criteria(after) | _criteria(before)

    def shown(self, row: RehearsedChange) -> ShownChange:
        before, after = row.disqualified.get("before", []), row.disqualified.get("after", [])
        return ShownChange(
            row=row,
            stage_before=self._stages.get(row.stage_before, row.stage_before),
            stage_after=self._stages_after.get(row.stage_after, row.stage_after),
            newly=tuple(self._criteria.get(key, key) for key in after if key not in before),
            no_longer=tuple(self._criteria.get(key, key) for key in before if key not in after),
            opened=tuple(one["text"] for one in row.exit_criteria if one["after"] in ("unmet", "unknown")),
            settled=tuple(one["text"] for one in row.exit_criteria if one["after"] in ("met", "absent")),
            quotes=tuple((one["name"], quote_in_words(one)) for one in row.quotes),
        )


def _stages(playbook: Playbook) -> dict[str, str]:
    return {stage.key: stage.label for stage in playbook.stages}


def _criteria(playbook: Playbook) -> dict[str, str]:
    return {criterion.key: criterion.label for criterion in playbook.bant.criteria}


HEADINGS = (
    "deal",
    "name",
    "account",
    "owner",
    "amount",
    "currency",
    "class before",
    "class after",
    "lowest total before",
    "highest total before",
    "lowest total after",
    "highest total after",
    "stage before",
    "stage after",
    "newly disqualified by",
    "no longer disqualified by",
    "exit criteria newly open",
    "exit criteria no longer open",
    "quotes with other approvals",
)


def table(run: RehearsalRun, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    """The rows as text cells, heading first, the largest fall first."""
    yield HEADINGS
    dresser = Dresser(run)
    for row in rows(run, wanted).order_by("moved", "pk").iterator(chunk_size=2000):
        shown = dresser.shown(row)
        yield (
            str(row.deal_id),
            _safe(row.name),
            _safe(row.account_name),
            _safe(row.owner_name),
            "" if row.amount is None else str(row.amount),
            row.currency,
            row.class_before,
            row.class_after,
            *map(_digits, (row.low_before, row.high_before, row.low_after, row.high_after)),
            _safe(shown.stage_before),
            _safe(shown.stage_after if row.stage_after else "nobody has said"),
            _safe("; ".join(shown.newly)),
            _safe("; ".join(shown.no_longer)),
            _safe("; ".join(shown.opened)),
            _safe("; ".join(shown.settled)),
            _safe("; ".join(f"{name}: {said}" for name, said in shown.quotes)),
        )


def _digits(total: Decimal) -> str:
    return format(total.normalize(), "f")


def _safe(text: str) -> str:
    """Spreadsheets run what begins like a formula; an apostrophe in front keeps it text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def shown_page(run: RehearsalRun, found: list[RehearsedChange]) -> list[ShownChange]:
    dresser = Dresser(run)
    return [dresser.shown(row) for row in found]


def state(run: RehearsalRun, draft: PlaybookDraft) -> dict[str, Any]:
    """How far a rehearsal is and whether it holds, for pages and the API."""
    return {"state": state_of(run), "stale": why_stale(run, draft)}
