"""The project: settings, addresses, the API's router and the workers' entry point."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
