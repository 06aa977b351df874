"""The demo's e-mail: a file for each, and a line on the console."""

from __future__ import annotations

from django.core.mail import EmailMessage, get_connection

from config.mail import mail_settings


def test_a_message_is_written_down_and_told_with_its_link(tmp_path, settings, capsys):
    found = mail_settings("", demo=True, var_dir=tmp_path)
    settings.EMAIL_FILE_PATH = found["EMAIL_FILE_PATH"]
    text = "Hello Vik,\n\nhttp://127.0.0.1:8000/approvals/7/\n\nYour settings: http://127.0.0.1:8000/settings/"
    message = EmailMessage("Rae asks you to approve Q-00007", text, to=["vp@example.com"])
    assert get_connection(found["EMAIL_BACKEND"]).send_messages([message]) == 1
    line = "E-mail to vp@example.com: Rae asks you to approve Q-00007 http://127.0.0.1:8000/approvals/7/\n"
    assert line in capsys.readouterr().out
    (written,) = (tmp_path / "mail").iterdir()
    assert "approvals/7" in written.read_text()
