"""Battle cards at size: the reader, the search and the editors' queue against the floors; a card as PDF against WeasyPrint alone on the
same HTML; the deck's time and memory.

.venv/bin/python -m bench.cards 200    # competitors; 100 claims and 1,000 uses each. --quick: few requests
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import random
import resource
import subprocess
import sys
import time
from functools import partial
from typing import Any

from bench.alone import served
from bench.load import Call, Timing, _one

CLAIMS, USES = 100, 1_000
WORDS = (
    "licence", "cost", "latency", "quantum", "storage", "cluster", "failover", "migration",
    "support", "ecosystem", "training", "network", "backup", "edge", "node", "tenant",
    "upgrade", "snapshot", "encryption", "audit", "container", "kernel", "memory", "scheduler",
    "orchestration", "compliance", "renewal", "partner",
)  # fmt: skip
AS_PARTS = ("search_while_typing", "today_panel", "today_panel_anew")
"""Pages that are asked for as the part htmx puts into another."""
WORTH = 1.5  # times WeasyPrint alone that a card's PDF may take


def main() -> int:
    competitors = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 200
    if "--inside" in sys.argv:
        print(json.dumps(measure(competitors, quick="--quick" in sys.argv)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.cards", str(competitors), "--inside", *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(competitors: int, *, quick: bool = False) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    from bench import book

    book.make(2_000)  # deals, so that the floor has its 50 rows
    started = time.perf_counter()
    editor = make(competitors)
    made = time.perf_counter() - started
    print(f"{competitors} competitors made in {made:.1f} s", file=sys.stderr)
    return {"competitors": competitors, "made_s": round(made, 1), **_pages(editor, 12 if quick else 48), **_papers()}


def make(competitors: int) -> Any:
    """Competitors with a card of 100 claims each, which 1,000 uses and some feedback are spread over, and an editor."""
    from battlecards.models import Card, Claim, Feedback, Use
    from battlecards.services.publishing import put_in_force
    from crm.models import Competitor, Person
    from crm.services.audit import Act

    chance = random.Random(7)
    now = dt.datetime.now(dt.UTC)
    editor = Person.objects.create(username="editor", roles=["enablement"])
    people = Person.objects.bulk_create(Person(username=f"rep{n}", roles=["rep"]) for n in range(50))
    people = list(Person.objects.filter(username__startswith="rep"))
    rivals = [Competitor(key=f"rival_{n}", name=f"Rival {n}") for n in range(competitors)]
    Competitor.objects.bulk_create(rivals)
    act = Act(by=editor, at=now - dt.timedelta(days=120))
    for rival in Competitor.objects.filter(key__startswith="rival_").order_by("pk"):
        card = Card.objects.create(
            slug=rival.key.replace("_", "-"), title=rival.name, competitor=rival, created_at=act.now
        )
        put_in_force(act=act, card=card, claims=_claims(chance, now.date()))
        ids = list(Claim.objects.filter(card=card).values_list("pk", flat=True))
        moments = [now - dt.timedelta(minutes=chance.randrange(400 * 1440)) for _ in range(USES)]
        Use.objects.bulk_create(
            [
                Use(
                    card=card,
                    claim_id=chance.choice(ids) if number % 3 else None,
                    person=chance.choice(people),
                    how="copied" if number % 3 else "viewed",
                    day=at.date(),
                    at=at,
                )
                for number, at in enumerate(moments)
            ],
            ignore_conflicts=True,
        )
        Feedback.objects.bulk_create(
            Feedback(claim_id=chance.choice(ids), person=chance.choice(people), verdict=verdict, at=at)
            for verdict, at in zip(("used", "landed", "landed", "backfired", "wrong"), moments, strict=False)
        )
    _analyze()
    return editor


def _claims(chance: random.Random, today: dt.date) -> list[Any]:
    from playbook.schema.cards import Objection, Position, Row, Source, TalkingPoint

    source = Source(document="positioning", section="2.1", date=today)
    found: list[Any] = []
    for number in range(CLAIMS):
        said: dict[str, Any] = {
            "key": f"claim_{number}",
            "source": source if number % 10 else None,
            "verified_on": today - dt.timedelta(days=chance.randrange(30, 300)),
            "expires_on": today + dt.timedelta(days=chance.randrange(-20, 400)),
        }
        line = " ".join(chance.choices(WORDS, k=14))
        match number % 4:
            case 0:
                winner: Any = chance.choice(("us", "us", "them", "tie"))
                found.append(Row(capability=line[:40], ours=line, theirs=f"{number} %", winner=winner, **said))
            case 1:
                found.append(TalkingPoint(title=line[:50], claim=line, proof=line, counter=line, **said))
            case 2:
                found.append(Objection(objection=line, quick=line, responses=(line, line), **said))
            case _:
                found.append(Position(side="strong", text=line, **said))
    return found


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _pages(editor: Any, requests: int) -> dict[str, Any]:
    """Milliseconds of each page, and how many times the floor of 50 rows beside it."""
    from bench.load import measure as timed
    from bench.run import _serving, _sign_in

    port = int(os.environ["BENCH_PORT"])
    cookie, _ = _sign_in(editor)
    pages = {
        "list": "/battlecards/",
        "reader": "/battlecards/rival-7/",
        "search_one_word": "/battlecards/search/?q=quantum",
        "search_three_words": "/battlecards/search/?q=quantum+storage+failover",
        "search_while_typing": "/battlecards/search/?q=quantum+storage+failover",
        "queue": "/battlecards/queue/",
        "queue_anew": "/battlecards/queue/?anew=1",
        "today_panel": "/today/cards/",
        "today_panel_anew": "/today/cards/?anew=1",
        "api_list": "/api/battlecards/",
        "results": "/battlecards/rival-7/results/",
    }
    found: dict[str, Any] = {}
    with _serving(port):
        floor = partial(timed, port, Call(("/floor/rows/",)), cookie, requests=requests, concurrency=1)
        before = floor().p50
        unread = _first_readings(port, cookie, [f"/battlecards/rival-{number}/" for number in range(20, 60)])
        found["reader_first_time"] = _beside(unread, (before + floor().p50) / 2)
        for name, path in pages.items():
            headers = (("HX-Request", "true"),) if name in AS_PARTS else ()
            before = floor().p50
            page = timed(port, Call((path,), headers=headers), cookie, requests=requests, concurrency=1)
            found[name] = _beside(page, (before + floor().p50) / 2)
            print(f"  {name}: {found[name]}", file=sys.stderr)
    return found


def _beside(page: Timing, floor: float) -> dict[str, float]:
    return {"p50_ms": round(page.p50, 1), "p95_ms": round(page.p95, 1), "floor": round(page.p50 / floor, 1)}


def _first_readings(port: int, cookie: str, paths: list[str]) -> Timing:
    """Cards that no worker has read before, each once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for path in paths:
        started = time.perf_counter()
        if failure := _one(connection, Call((path,)), path, cookie):
            raise RuntimeError(failure)
        times.append((time.perf_counter() - started) * 1_000)
    connection.close()
    times.sort()
    return Timing(times[len(times) // 2], times[int(len(times) * 0.95)])


def _papers() -> dict[str, Any]:
    """Seconds of a shipped card's PDF, from the database on, beside WeasyPrint's own for the same HTML; the deck's seconds, pages and
    how far the process grew."""
    from battlecards.models import Card
    from battlecards.queries.reading import reading
    from battlecards.services.seeding import seed_cards
    from crm.services.audit import Act
    from reports.documents import frame, printing
    from reports.documents.cards import cards_document

    seed_cards(act=Act(by=None))
    today = dt.datetime.now(dt.UTC).date()
    printing.warm()

    def ours(cards: list[Card]) -> tuple[str, bytes]:
        document = cards_document([reading(card, today) for card in cards], ours="DWCP v3", by="Editor", day=today)
        drawn = frame.html(document)
        return drawn, printing.pdf(drawn, sheet=document.sheet, identifier=frame.identity(document, drawn))

    card = Card.objects.select_related("current", "competitor").get(slug="vmware")
    drawn, _ = ours([card])
    sheet = cards_document([reading(card, today)], ours="DWCP v3", by="Editor", day=today).sheet
    mine, alone = [], []
    for _ in range(5):
        mine.append(_took(lambda: ours([card])))
        alone.append(_took(lambda: _weasyprint(drawn, sheet)))
    mine.sort()
    alone.sort()
    shipped = list(Card.objects.exclude(slug__startswith="rival-").select_related("current", "competitor"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    _, deck = ours(shipped)
    return {
        "card_pdf_s": round(mine[2], 2),
        "weasyprint_alone_s": round(alone[2], 2),
        "card_pdf_ratio": round(mine[2] / alone[2], 2),
        "card_pdf_wanted": WORTH,
        "deck_cards": len(shipped),
        "deck_s": round(time.perf_counter() - started, 1),
        "deck_kb": len(deck) // 1024,
        "deck_grew_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    }


def _took(do: Any) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _weasyprint(drawn: str, sheet: str) -> bytes:
    """As a script without us would print it: the same HTML, the same style sheets, the same sort of file."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from reports.documents import printing

    folder, fonts = printing.folder(), FontConfiguration()
    sheets = [CSS(filename=str(folder / name), font_config=fonts) for name in (printing.FRAME, sheet)]
    whole = HTML(string=drawn, base_url=str(folder))
    made: bytes = whole.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1", font_config=fonts)
    return made


if __name__ == "__main__":
    sys.exit(main())
