"""Who may do what with what is their own (settings, tokens, what they are told), with outgoing mail, and with the search."""

from __future__ import annotations

from tests.architecture.access_rows import Row, Write, operations, same, who
from tests.architecture.world import PASSWORD

CHOSEN = {"kinds": ["mention"], "digest": "weekly", "hour": "7"}

NEW_PASSWORD = {"old_password": PASSWORD, "new_password1": "another long one", "new_password2": "another long one"}

NEWS = {
    "settings": Row(same(200) | {"nobody": 302}, {"POST": Write(same(302), lambda w: {"time_zone": "Europe/Berlin"})}),
    "settings-password": Row(same(405) | {"nobody": 302}, {"POST": Write(same(302), lambda w: NEW_PASSWORD)}),
    "settings-notifications": Row(same(405) | {"nobody": 302}, {"POST": Write(same(302), lambda w: CHOSEN)}),
    "token-list": Row(who(200), {"POST": Write(who(200), lambda w: {"name": "export"})}),
    "token-revoke": Row(same(405) | {"charlie": 404, "nobody": 302}, {"POST": Write(who(404, rae=302))}),
    "notification-list": Row(who(200)),
    "bell": Row(who(200), kind="part"),
    "notification-read": Row(same(405), {"POST": Write(who(302), changes=False)}),
    "notification-open": Row(who(404, rae=302)),
    "palette": Row(who(200), kind="part"),
    "search": Row(who(200)),
    "mail-list": Row(operations()),
    "mail-detail": Row(operations()),
    "mail-again": Row(same(405), {"POST": Write(operations(302))}),
}
