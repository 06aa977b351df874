"""What somebody fills in about themselves: signing in, their clock, their password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from crm.forms.people import time_zones
from crm.models import Digest, NotificationKind


class SignInForm(AuthenticationForm):
    """Says neither which of the two is wrong nor whether the name exists."""

    error_messages = {  # noqa: RUF012 - Django's way
        "invalid_login": "This user name and password don't belong together. Check both: capitals count in the password. "
        "Operations can set a new one.",
        "inactive": "This user name and password don't belong together.",
    }


class ClockForm(forms.Form):
    time_zone = forms.ChoiceField(choices=time_zones, help_text="Times are shown, and days begin, by this clock.")


class NotificationsForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="Tell me of",
        choices=NotificationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What is about approvals also comes as an e-mail at once.",
    )
    digest = forms.ChoiceField(
        label="Summary by e-mail", choices=Digest.choices, help_text="Of what you have not read by then."
    )
    hour = forms.TypedChoiceField(
        label="At", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], help_text="On your own clock."
    )


class OwnPasswordForm(PasswordChangeForm):
    """Their own password, by whoever knows the present one."""

    error_messages = {  # noqa: RUF012 - Django's way
        "password_mismatch": "The two new passwords differ. Write the same one twice.",  # nosec B105 - a sentence
        "password_incorrect": "This is not the password you have now.",  # nosec B105 - a sentence
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "old_password": ("The password you have now", ""),
            "new_password1": ("New password", "12 characters or more."),
            "new_password2": ("New password again", ""),
        }
        for name, (label, said) in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, said
            field.error_messages["required"] = "Fill this in."
            field.widget.attrs.pop("autofocus", None)
