"""Which mail server is meant by EMAIL_URL, as Django's settings want it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ


def mail_settings(url: str, *, demo: bool, var_dir: Path) -> dict[str, Any]:
    """Without a server the demo writes each message to a file and says so; elsewhere nothing is sent, and messages wait in the outbox.

    Raises ImproperlyConfigured for a scheme that is no mail server's.
    """
    if url:
        found = environ.Env.email_url_config(url)
        return {
            "MAIL_IS_SET_UP": True,
            "EMAIL_BACKEND": found["EMAIL_BACKEND"],
            "EMAIL_HOST": found["EMAIL_HOST"] or "localhost",
            "EMAIL_PORT": found["EMAIL_PORT"] or (587 if found.get("EMAIL_USE_TLS") else 25),
            "EMAIL_HOST_USER": found["EMAIL_HOST_USER"] or "",
            "EMAIL_HOST_PASSWORD": found["EMAIL_HOST_PASSWORD"] or "",
            "EMAIL_USE_TLS": bool(found.get("EMAIL_USE_TLS")),
            "EMAIL_USE_SSL": bool(found.get("EMAIL_USE_SSL")),
            "EMAIL_TIMEOUT": 20,  # seconds
        }
    if demo:
        backend = "config.demo_mail.EmailBackend"
        return {"MAIL_IS_SET_UP": True, "EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(var_dir / "mail")}
    return {"MAIL_IS_SET_UP": False}
