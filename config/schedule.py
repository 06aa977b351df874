"""What beat asks for, and how often (seconds). A message nobody took by the next round has expired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def beat_schedule(queues: Iterable[str]) -> dict[str, dict[str, Any]]:
    """A sign of life from each queue's worker, and the sweeps."""
    heartbeats = {
        f"heartbeat {queue}": {
            "task": "config.tasks.heartbeat",
            "args": [queue],
            "schedule": 10.0,
            "options": {"queue": queue, "expires": 10},
        }
        for queue in queues
    }
    return heartbeats | {
        "sweep": {"task": "config.tasks.sweep_jobs", "schedule": 15.0, "options": {"expires": 15}},
        # Once a day is enough for the calendar; asking often lets a machine that slept at midnight catch up.
        "dates": {"task": "scoring.tasks.plan_dates", "schedule": 600.0, "options": {"expires": 600}},
        "forecast": {"task": "reports.tasks.plan_forecast", "schedule": 600.0, "options": {"expires": 600}},
        "days": {"task": "reports.tasks.plan_days", "schedule": 600.0, "options": {"expires": 600}},
        "risks": {"task": "reports.tasks.watch_risks", "schedule": 900.0, "options": {"queue": "bulk", "expires": 900}},
        "bin": {"task": "crm.tasks.plan_purge", "schedule": 3600.0, "options": {"expires": 3600}},
        "reminders": {"task": "activities.tasks.remind", "schedule": 30.0, "options": {"expires": 30}},
        "approvals": {"task": "quotes.tasks.remind", "schedule": 600.0, "options": {"expires": 600}},
        "news": {"task": "battlecards.tasks.remind", "schedule": 300.0, "options": {"expires": 300}},
        "void approvals": {
            "task": "quotes.tasks.void_changed",
            "schedule": 3600.0,
            "options": {"queue": "bulk", "expires": 3600},
        },
        "scheduled cards": {"task": "battlecards.tasks.publish_due", "schedule": 30.0, "options": {"expires": 30}},
        # A mail server may keep a worker waiting; nobody waits for the bulk queue.
        "mail": {"task": "crm.tasks.send_mail", "schedule": 60.0, "options": {"queue": "bulk", "expires": 60}},
        "digests": {"task": "crm.tasks.write_digests", "schedule": 300.0, "options": {"queue": "bulk", "expires": 300}},
        "old news": {
            "task": "crm.tasks.forget_old_news",
            "schedule": 6 * 3600.0,
            "options": {"queue": "bulk", "expires": 3600},
        },
        "bulk changes": {
            "task": "crm.tasks.sweep_bulk",
            "schedule": 3600.0,
            "options": {"queue": "bulk", "expires": 3600},
        },
        "scheduled papers": {"task": "reports.tasks.plan_papers", "schedule": 60.0, "options": {"expires": 60}},
        "papers": {
            "task": "reports.tasks.sweep_papers",
            "schedule": 6 * 3600.0,
            "options": {"queue": "bulk", "expires": 3600},
        },
        "files nobody has": {
            "task": "activities.tasks.sweep_files",
            "schedule": 6 * 3600.0,
            "options": {"queue": "bulk", "expires": 3600},
        },
    }
