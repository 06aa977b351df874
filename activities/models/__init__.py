"""What people do around a deal: notes, tasks, logged calls and e-mails, files."""

from activities.models.activities import Activity, ActivityKind, Direction
from activities.models.base import SUBJECTS, Entry, EntryQuerySet
from activities.models.files import Attachment, FileEvidence
from activities.models.notes import Note
from activities.models.tasks import NO_DATE, Repeat, Task

__all__ = [
    "NO_DATE",
    "SUBJECTS",
    "Activity",
    "ActivityKind",
    "Attachment",
    "Direction",
    "Entry",
    "EntryQuerySet",
    "FileEvidence",
    "Note",
    "Repeat",
    "Task",
]
