"""Choosing files for an import, and correcting what their columns mean."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.importing.finding import shipped_mappings
from crm.importing.mapping import MappingError, load_mapping


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files from one control."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(each, initial) for each in given]


class NewImportForm(forms.Form):
    uploads = ManyFilesField(
        label="Files",
        help_text="One zip archive, or all CSV files together. Nothing is written before you have seen what would be.",
        widget=ManyFilesInput(attrs={"accept": ".csv,.tsv,.txt,.zip"}),
    )
    known = forms.ChoiceField(
        label="What the columns mean",
        required=False,
        help_text="A mapping says which column is what. Left to us, it is found by the columns, or guessed.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(name, load_mapping(text).label) for name, text in shipped_mappings().items()]
        choices = self.fields["known"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", "Find out by the columns"), *named]

    def mapping(self) -> str:
        """The text of the mapping chosen, "" to find one."""
        return shipped_mappings().get(self.cleaned_data["known"], "")


class MappingForm(forms.Form):
    mapping = forms.CharField(
        label="Mapping",
        widget=forms.Textarea(attrs={"rows": 30, "class": "code", "spellcheck": "false", "wrap": "off"}),
        help_text="Change it and check again; the files stay as they are.",
    )

    def clean_mapping(self) -> str:
        text: str = self.cleaned_data["mapping"]
        try:
            load_mapping(text)
        except MappingError as error:
            raise forms.ValidationError(error.problems) from None
        return text
