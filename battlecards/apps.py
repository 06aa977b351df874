"""What to say against whom."""

from django.apps import AppConfig


class BattlecardsConfig(AppConfig):
    name = "battlecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from battlecards.queries import library, palette

        library.register()
        palette.register()
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    panels = (
        ("card-reviews", "Which drafts of cards wait for my review?", "battlecards:today-card-reviews", 7),
        ("cards", "Which cards need me?", "battlecards:today-cards", 8),
    )
    for key, title, url_name, rank in panels:
        today_panels.add(TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=access.may_edit_cards))
