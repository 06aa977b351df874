"""What the machine tells us through environment variables, checked as a whole before Django starts.

Two ways to run:

- *Embedded*: nothing (or only `QUARTERDECK_EMBEDDED=1`) is set. Everything lives in `VAR_DIR`, the secret key is made
  on first use, and only loopback host names are answered, so nothing unsafe is within reach of a network.
- *Deployed*: any of `SECRET_KEY`, `ALLOWED_HOSTS` or `DEBUG=0` is set. Then every value a deployment needs must be
  there and strong; all that is wrong is reported at once, each as one sentence that says what to do.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "psql")
REDIS_SCHEMES = ("redis", "rediss")
EMAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl")
SECRET_KEY_LENGTH = 50
SECRET_KEY_DISTINCT = 10
PAPER_SIZES = {"": "A4", "a4": "A4", "letter": "Letter"}
TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off", "")
SWITCHES = ("DEBUG", "QUARTERDECK_EMBEDDED", "QUARTERDECK_DEMO", "HTTPS", "BEHIND_PROXY", "BUILT_STATIC")


@dataclass(frozen=True)
class Environment:
    """The checked values. `database_url` and `redis_url` are "" where the embedded engine is meant."""

    debug: bool
    embedded: bool
    demo: bool
    secret_key: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    https: bool
    behind_proxy: bool
    built_static: bool
    var_dir: Path
    database_url: str
    redis_url: str
    attachment_mb: int = 20
    """The largest file that can be attached, in MB."""
    email_url: str = ""
    """The mail server; "" for none."""
    email_from: str = ""
    paper_size: str = "A4"
    """Of documents: A4 or Letter."""
    site_url: str = ""
    """What stands before addresses in e-mails, without a slash at its end."""


def read_environment(values: Mapping[str, str], *, base_dir: Path) -> Environment:
    """Return the checked environment; raise `ImproperlyConfigured` naming every problem at once."""
    problems = [
        f"{name} is {values[name]!r}, which is neither yes nor no. Say 1 or 0."
        for name in SWITCHES
        if values.get(name, "").strip().lower() not in TRUE_WORDS + FALSE_WORDS
    ]
    debug = _switch(values, "DEBUG")
    deployed = any(name in values for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG")) and not debug
    embedded = _switch(values, "QUARTERDECK_EMBEDDED", default=not deployed)
    var_dir = Path(values.get("VAR_DIR") or base_dir / "var").absolute()
    found = Environment(
        debug=debug,
        embedded=embedded,
        demo=_switch(values, "QUARTERDECK_DEMO"),
        secret_key=values.get("SECRET_KEY", "").strip(),
        allowed_hosts=_words(values, "ALLOWED_HOSTS") or (LOOPBACK_HOSTS if embedded else ()),
        trusted_origins=_words(values, "TRUSTED_ORIGINS"),
        https=_switch(values, "HTTPS", default=not embedded),
        behind_proxy=_switch(values, "BEHIND_PROXY"),
        built_static=_switch(values, "BUILT_STATIC"),
        var_dir=var_dir,
        database_url=values.get("DATABASE_URL", "").strip(),
        redis_url=values.get("REDIS_URL", "").strip(),
        attachment_mb=_attachment_mb(values),
        paper_size=PAPER_SIZES.get(values.get("PAPER_SIZE", "A4").strip().lower(), ""),
        email_url=values.get("EMAIL_URL", "").strip(),
        email_from=values.get("EMAIL_FROM", "").strip(),
        site_url=_site_url(values),
    )
    if not found.attachment_mb:
        problems.append("ATTACHMENT_MB is not a whole number from 1 to 500. Say how many MB an attached file may have.")
    if not found.paper_size:
        problems.append(f"PAPER_SIZE is {values['PAPER_SIZE']!r}. Say A4 or Letter.")
    problems += _address_problems(found)
    problems += _embedded_problems(found) if embedded else _deployed_problems(found)
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise ImproperlyConfigured(f"Quarterdeck can't start with these settings:\n{lines}")
    if not found.secret_key:
        return _with_own_key(found)
    return found


def _deployed_problems(found: Environment) -> list[str]:
    problems = _secret_key_problems(found.secret_key)
    if not found.allowed_hosts:
        problems.append(
            "ALLOWED_HOSTS is not set. List the host names people use, such as ALLOWED_HOSTS=crm.example.com."
        )
    if "*" in found.allowed_hosts:
        problems.append("ALLOWED_HOSTS contains *, which answers to any name. List the host names people use.")
    problems += [
        f"TRUSTED_ORIGINS contains {origin}, which has no scheme. Write it as https://{origin}."
        for origin in found.trusted_origins
        if "://" not in origin
    ]
    if not found.database_url:
        problems.append(
            "DATABASE_URL is not set. Name the PostgreSQL database (postgres://user:password@host/name), or say "
            "sqlite:////path/to/file.sqlite3 to keep everything in one file on purpose."
        )
    if found.database_url and not found.database_url.startswith("sqlite") and not found.redis_url:
        problems.append("REDIS_URL is not set. Workers on other machines get their work through Redis; name it.")
    if found.demo:
        problems.append(
            "QUARTERDECK_DEMO is on, so anyone could sign in as anyone. Turn it off; ./dev run shows the demo."
        )
    return problems


def _embedded_problems(found: Environment) -> list[str]:
    public = [host for host in found.allowed_hosts if host not in LOOPBACK_HOSTS]
    if public and found.debug:
        return [
            f"DEBUG is on while ALLOWED_HOSTS names {', '.join(public)}: error pages would show settings to visitors. "
            "Turn DEBUG off, or leave ALLOWED_HOSTS unset."
        ]
    return []


def _secret_key_problems(key: str) -> list[str]:
    if not key:
        return [
            "SECRET_KEY is not set. Make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))" and keep it secret.'
        ]
    problems = []
    if len(key) < SECRET_KEY_LENGTH:
        problems.append(f"SECRET_KEY has {len(key)} characters. Use at least {SECRET_KEY_LENGTH} random ones.")
    if len(set(key)) < SECRET_KEY_DISTINCT:
        problems.append(f"SECRET_KEY repeats {len(set(key))} characters over and over. Use a random one.")
    if key.startswith("django-insecure") or "change-me" in key.lower() or "changeme" in key.lower():
        problems.append("SECRET_KEY is a placeholder. Use a random one that nobody else has seen.")
    return problems


def _address_problems(found: Environment) -> list[str]:
    problems = []
    if found.database_url and urlsplit(found.database_url).scheme not in DATABASE_SCHEMES:
        problems.append(
            "DATABASE_URL names an engine Quarterdeck doesn't run on. It must start with postgres:// or sqlite://."
        )
    if found.redis_url and urlsplit(found.redis_url).scheme not in REDIS_SCHEMES:
        problems.append("REDIS_URL is no Redis address. It must start with redis:// or rediss://.")
    if found.email_url and urlsplit(found.email_url).scheme not in EMAIL_SCHEMES:
        problems.append(
            "EMAIL_URL names no mail server Quarterdeck can talk to. Write smtp+tls://user:password@host:587, with smtp+ssl "
            "or smtp where the server wants that."
        )
    if found.email_from and "@" not in found.email_from:
        problems.append("EMAIL_FROM is no e-mail address. Name the one mail comes from, such as crm@example.com.")
    if urlsplit(found.site_url).scheme not in {"http", "https"}:
        problems.append("SITE_URL has no scheme. Write it as https://crm.example.com.")
    return problems


def _with_own_key(found: Environment) -> Environment:
    """Fill in the embedded secret key: made once, readable by this user only, kept in `VAR_DIR`."""
    path = found.var_dir / "secret_key"
    try:
        found.var_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written aside and linked into place, so that two processes starting together end up with one key.
            draft = path.with_name(f"secret_key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(SECRET_KEY_LENGTH))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Quarterdeck keeps its data and its secret key in {found.var_dir}, which can't be used: {error.strerror}. "
            "Make it writable, or set VAR_DIR to a folder that is."
        ) from error
    return Environment(**{**vars(found), "secret_key": key})


def _switch(values: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    word = values.get(name, "").strip().lower()
    if word in TRUE_WORDS:
        return True
    return default if word == "" else False


def _attachment_mb(values: Mapping[str, str]) -> int:
    """MB an attached file may have: 20 unless said; 0 for what is no such number."""
    text = values.get("ATTACHMENT_MB", "").strip() or "20"
    return int(text) if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 500 else 0


def _site_url(values: Mapping[str, str]) -> str:
    """As said; else the first trusted origin or host name, which is where people are."""
    said = values.get("SITE_URL", "").strip().rstrip("/")
    if said:
        return said
    for origin in _words(values, "TRUSTED_ORIGINS"):
        if "://" in origin:
            return origin.rstrip("/")
    for host in _words(values, "ALLOWED_HOSTS"):
        if host not in LOOPBACK_HOSTS:
            return f"https://{host.lstrip('.')}"
    return f"http://127.0.0.1:{values.get('PORT', '').strip() or 8000}"


def _words(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in values.get(name, "").split(",") if word.strip())
