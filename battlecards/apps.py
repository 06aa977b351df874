"""What to say against whom."""

from django.apps import AppConfig


class BattlecardsConfig(AppConfig):
    name = "battlecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from battlecards.queries import library

        library.register()
