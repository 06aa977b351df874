"""What can be had on paper: each report by itself, or several of them in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crm.registry.base import Registry
from reports.kinds import ReportKind, report_kinds
from reports.queries.asked import Asked
from reports.queries.qbr import reports_of

Part = tuple[ReportKind, Asked]
"""A report of a paper, and what is asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Reports that are printed as one. The first of `kinds` decides who may have it; of the others each gets what they read.

    `parts` says what is asked of each, where that is more than the same of all.
    """

    key: str
    title: str
    says: str
    kinds: tuple[str, ...]
    parts: Callable[[Asked], list[Part]] | None = None


packs: Registry[Pack] = Registry("paper")
"""By key; a report whose key is not among them is a paper by itself."""


def pack_of(key: str) -> Pack | None:
    """None where there is no such paper."""
    if key in packs:
        return packs.get(key)
    if key not in report_kinds:
        return None
    kind = report_kinds.get(key)
    return Pack(key=kind.key, title=kind.title, says=kind.says, kinds=(kind.key,))


def packs_for(roles: Iterable[str]) -> list[Pack]:
    """Every paper somebody may have, as the index of reports orders them."""
    held = list(roles)
    kinds = sorted((kind for kind in report_kinds if kind.allowed(held)), key=lambda kind: kind.place)
    return [pack for kind in kinds if (pack := pack_of(kind.key)) is not None]


def may_have(pack: Pack, roles: Iterable[str]) -> bool:
    held = list(roles)
    return bool(held) and pack.kinds[0] in report_kinds and report_kinds.get(pack.kinds[0]).allowed(held)


def asks_of(pack: Pack) -> tuple[str, ...]:
    """What may be asked of a paper: what any of its reports may be, and always the day, which it is pinned to."""
    return tuple(dict.fromkeys([*(name for key in pack.kinds for name in report_kinds.get(key).asks), "as_of"]))


def by_of(pack: Pack) -> tuple[tuple[str, str], ...]:
    return next((kind.by for kind in map(report_kinds.get, pack.kinds) if kind.by), ())


def register() -> None:
    """The papers that are more than one report's."""
    packs.add(
        Pack(
            key="pipeline",
            title="Pipeline review",
            says="What is open, where it stands, what changed and what is at risk.",
            kinds=("pipeline", "changes"),
        )
    )
    packs.add(
        Pack(
            key="forecast",
            title="Forecast",
            says="What a quarter comes to, and how good the model behind it has been.",
            kinds=("forecast", "model"),
        )
    )
    packs.add(
        Pack(
            key="qbr",
            title="Quarterly business review",
            says="Every part of the review as the playbook lists them, with the reports behind them.",
            kinds=("qbr",),
            parts=lambda asked: [(report_kinds.get(key), one) for key, one in reports_of(asked)],
        )
    )
