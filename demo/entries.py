"""What the demo's people wrote down, have to do, talked about and attached: on the open deals, and on a few accounts and contacts.

Through the product's services, each at its own time. Chance of its own, so that the deals stay as they were drawn.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Task
from activities.services.activities import log_activity
from activities.services.files import attach_files
from activities.services.notes import create_note
from activities.services.tasks import complete_task, create_task
from crm.models import Contact, Person
from crm.services.audit import Act
from deals.models import Deal, DealContact, MeddpiccElement
from deals.services.meddpicc import update_element
from demo.texts import CALLS, DONE, FILES, MAILS, NOTES, RECORD_NOTES, TASKS, paper

SEED = 20_240_602
DAY = dt.timedelta(days=1)


class Desk:
    """One deal's paperwork: who acts, and when."""

    def __init__(self, random: Random, deal: Deal, people: dict[str, Person], now: dt.datetime) -> None:
        self.random, self.deal, self.people, self.now = random, deal, people, now
        self.about = ("deal", deal.pk)
        self.contacts = [row.contact for row in DealContact.objects.filter(deal=deal).select_related("contact")]
        self.age = max(3, min(90, (now - deal.created_at).days))

    def act(self, days_ago: float | None = None) -> Act:
        ago = self.random.uniform(1, self.age) if days_ago is None else days_ago
        return Act(by=self.deal.owner, at=self.now - DAY * ago)

    def write(self) -> None:
        for text in self.random.sample(NOTES, self.random.randrange(1, 4)):
            create_note(act=self.act(), about=self.about, values={"body": self._filled(text)})
        for subject, said in self.random.sample(CALLS, self.random.randrange(1, 3)):
            self._call(subject, said)
        if self.contacts and self.random.random() < 0.6:
            self._mail(self.random.choice(self.contacts))
        self._tasks()
        if self.random.random() < 0.4:
            self._file()

    def _filled(self, text: str) -> str:
        """With the name of somebody on the deal, and of the owner's manager, where the text asks for one."""
        boss = "manager" if self.deal.owner.username in {"rep", "tara", "idris"} else "milo"
        who = str(self.random.choice(self.contacts)) if self.contacts else "their architect"
        return text.format(who=who, boss=f"@{boss}")

    def _call(self, subject: str, said: str) -> None:
        act = self.act()
        values: dict[str, Any] = {
            "kind": self.random.choice(("call", "call", "meeting")),
            "subject": subject,
            "at": act.now,
            "minutes": self.random.choice((15, 30, 30, 45, 60, 90)),
            "participants": self.random.sample(self.contacts, min(len(self.contacts), self.random.randrange(1, 4))),
            "body": self._filled(said),
        }
        log_activity(act=act, about=self.about, values=values)

    def _mail(self, contact: Contact) -> None:
        subject, text = self.random.choice(MAILS)
        act, owner = self.act(), self.deal.owner
        theirs, ours = f"{contact} <{contact.email}>", f"{owner} <{owner.email}>"
        from_them = self.random.random() < 0.6
        values = {
            "kind": "email",
            "direction": "in" if from_them else "out",
            "subject": subject,
            "at": act.now,
            "sender": theirs if from_them else ours,
            "recipients": ours if from_them else theirs,
            "participants": [contact],
            "body": text,
        }
        log_activity(act=act, about=self.about, values=values)

    def _tasks(self) -> None:
        for title in self.random.sample(TASKS, self.random.randrange(1, 3)):
            due = (self.now + DAY * self.random.randrange(-4, 25)).date()
            repeats = self.random.choice(("", "", "", "weekly", "monthly"))
            values = {"title": title, "due_date": due, "repeats": repeats}
            create_task(act=self.act(), about=self.about, values=values)
        done = self.act(self.random.uniform(2, self.age))
        title = self.random.choice(DONE)
        task = create_task(act=done, about=self.about, values={"title": title, "due_date": done.now.date()})
        complete_task(act=Act(by=self.deal.owner, at=done.now + DAY), task_id=task.pk)

    def _file(self) -> None:
        """A file, and where an element is claimed, the file as its evidence."""
        name, lines = self.random.choice(FILES)
        upload = SimpleUploadedFile(name, paper(name, self.deal.name, lines))
        act = self.act(self.random.uniform(1, 6))
        row = attach_files(act=act, about=self.about, uploads=[upload])[0]
        element = MeddpiccElement.objects.filter(deal=self.deal, strength="claimed", evidence="").first()
        if element is not None:
            update_element(act=act, deal_id=self.deal.pk, element=element.element, evidence_items={"files": [row.pk]})


def write_entries(people: dict[str, Person], now: dt.datetime) -> None:
    """Paperwork on the open deals, and a note and a task on some accounts and contacts."""
    random = Random(SEED)
    deals = list(Deal.objects.filter(outcome="open").select_related("owner", "account").order_by("pk"))
    for deal in deals[::3]:
        Desk(random, deal, people, now).write()
    for number, deal in enumerate(deals[::9]):
        act = Act(by=deal.owner, at=now - DAY * random.uniform(1, 60))
        contact = Contact.objects.filter(account=deal.account).order_by("pk").first()
        abouts = [("account", deal.account_id), *([("contact", contact.pk)] if contact else [])]
        for kind, pk in abouts:
            create_note(act=act, about=(kind, pk), values={"body": RECORD_NOTES[number % len(RECORD_NOTES)]})
        values = {
            "title": "Look who is new in their management",
            "due_date": now.date() + 9 * DAY,
            "repeats": "monthly",
        }
        create_task(act=act, about=abouts[0], values=values)
    # What was due before today its owner has heard of.
    Task.objects.filter(notify_at__lt=now - DAY, notified_at__isnull=True).update(notified_at=now - DAY)
