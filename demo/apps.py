"""A made-up company to look around in; never part of an installation that works."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
