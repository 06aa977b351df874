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

    panels = (("cards", "Which cards need me?", "battlecards:today-cards", 8, access.may_edit_cards),)
    for key, title, url_name, rank, shown in panels:
        today_panels.add(TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=shown))
