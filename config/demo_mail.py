"""E-mail in the demo, which has no server: each message goes into a file, and a line on the console says where it leads."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends import filebased

LINK = re.compile(r"https?://\S+")


class EmailBackend(filebased.EmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(email_messages) or 0
        for message in email_messages:
            sys.stdout.write(f"{said(message)}\n")
            sys.stdout.flush()
        return sent


def said(message: EmailMessage) -> str:
    """To whom, what, and the first link in it."""
    link = LINK.search(str(message.body))
    return f"E-mail to {', '.join(message.to)}: {message.subject}" + (f" {link[0]}" if link else "")
