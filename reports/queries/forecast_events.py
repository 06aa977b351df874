"""The history the forecast's model learns from: a row whenever the stage, the amount or the outcome of a deal changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import F, FloatField
from django.db.models.functions import Cast

from deals.models import DealSpan
from reports.rules.forecast import Raw
from reports.rules.forecast.arrays import LOST, OPEN, WON

CHUNK = 20_000
"""Spans read at a time: some megabytes as Python objects, before they are numbers."""
CODES = {"open": OPEN, "won": WON, "lost": LOST}
COLUMNS = ("deal", "at", "stage", "amount", "outcome")
Part = tuple[np.ndarray[Any, Any], ...]


def history(
    moment: dt.datetime, rates: Mapping[str, float], tell: Callable[[], None] = lambda: None
) -> tuple[Raw, str]:
    """Everything before a moment, and its digest. `rates` give one unit of a currency in the company's; an amount of any other is not
    known. One query, read through a cursor."""
    spans = DealSpan.objects.filter(from_at__lt=moment).counted().order_by("deal_id", "from_at")
    rows = spans.annotate(minor=Cast(F("amount"), FloatField())).values_list(
        "deal_id", "from_at", "stage", "outcome", "minor", "currency"
    )
    codes: dict[str, int] = {"": -1}
    parts: list[Part] = []
    last: Part | None = None
    each = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(each, CHUNK)):
        read = _read(chunk, codes, rates)
        kept, last = _changes(read, last)
        parts.append(kept)
        tell()
    whole = _joined(parts)
    deals, case = np.unique(whole[0], return_inverse=True)
    stages = tuple(name for name in codes if name)
    raw = Raw(
        case=case.astype(np.int64),
        at=whole[1],
        stage=whole[2],
        amount=whole[3],
        outcome=whole[4],
        cases=tuple(str(one) for one in deals.tolist()),
        stages=stages,
    )
    return raw, _digest(whole, stages)


def _read(chunk: Sequence[Any], codes: dict[str, int], rates: Mapping[str, float]) -> Part:
    deal, at, stage, outcome, minor, currency = zip(*chunk, strict=True)
    for name in stage:
        if name not in codes:
            codes[name] = len(codes) - 1
    worth = [
        np.nan if amount is None else amount * rates.get(code, np.nan)
        for amount, code in zip(minor, currency, strict=True)
    ]
    return (
        np.array(deal, dtype=np.int64),
        np.array([int(moment.timestamp()) for moment in at], dtype=np.int64),
        np.array([codes[name] for name in stage], dtype=np.int64),
        np.round(np.array(worth, dtype=np.float64) / 100, 2),
        np.array([CODES[name] for name in outcome], dtype=np.int8),
    )


def _changes(read: Part, last: Part | None) -> tuple[Part, Part]:
    """The rows in which something changed that the model knows of, and the last row read. Of a closed deal only how it was
    closed: what was corrected later nobody knew then."""
    deal, _, stage, amount, outcome = (
        column if last is None else np.concatenate([before, column])
        for column, before in zip(read, last or read, strict=True)
    )
    begins = np.concatenate([[True], deal[1:] != deal[:-1]])
    closed = np.concatenate([[True], outcome[1:] != outcome[:-1]])
    moved = np.concatenate([[True], stage[1:] != stage[:-1]])
    worth = np.concatenate([[True], ~((amount[1:] == amount[:-1]) | (np.isnan(amount[1:]) & np.isnan(amount[:-1])))])
    keep = begins | closed | ((outcome == OPEN) & (moved | worth))
    if last is not None:
        keep = keep[1:]
    return tuple(column[keep] for column in read), tuple(column[-1:] for column in read)


def _joined(parts: Sequence[Part]) -> Part:
    if not parts:
        kinds = (np.int64, np.int64, np.int64, np.float64, np.int8)
        return tuple(np.zeros(0, dtype=kind) for kind in kinds)
    return tuple(np.concatenate([part[place] for part in parts]) for place in range(len(COLUMNS)))


def _digest(whole: Part, stages: Sequence[str]) -> str:
    found = hashlib.sha256("\n".join(stages).encode())
    for column in whole:
        found.update(np.ascontiguousarray(column).tobytes())
    return found.hexdigest()


def owners_at(moment: dt.datetime) -> Iterator[tuple[int, int | None]]:
    """(deal, owner) of every deal open just before a moment."""
    rows = DealSpan.objects.filter(from_at__lt=moment, to_at__gte=moment).counted().open()
    return rows.values_list("deal_id", "owner_id").iterator(chunk_size=CHUNK)
