"""Lead scores: the rules, the workers that compute them, and their pages."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from scoring.queries import rehearsal, timeline

        timeline.register()
        rehearsal.register()
