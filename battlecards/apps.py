"""What to say against whom."""

from django.apps import AppConfig


class BattlecardsConfig(AppConfig):
    name = "battlecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from battlecards.queries import beside, library, palette
        from battlecards.services import handing_over

        beside.register()
        library.register()
        palette.register()
        handing_over.register()
        _register_today()


def _register_today() -> None:
    from crm.registry import TodayPanel, today_panels
    from crm.rules import access

    panels = (
        ("news", "What do competitors ask of me?", "battlecards:today-news", 7, access.answers_news),
        (
            "card-reviews",
            "Which drafts of cards wait for my review?",
            "battlecards:today-card-reviews",
            7,
            access.may_edit_cards,
        ),
        ("cards", "Which cards need me?", "battlecards:today-cards", 8, access.may_edit_cards),
    )
    for key, title, url_name, rank, shown in panels:
        today_panels.add(TodayPanel(key=key, title=title, url_name=url_name, rank=rank, shown=shown))
