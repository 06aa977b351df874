"""What is on paper, and what it adds up to. Nothing imports it but the project."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports import paper_kinds, registers

        registers.register()
        paper_kinds.register()
