"""The product's addresses, and the floors."""

from django.urls import path

from bench import floors
from config.urls import urlpatterns as product

urlpatterns = [
    path("floor/ok/", floors.ok),
    path("floor/rows/", floors.rows),
    path("floor/insert/", floors.insert),
    path("floor/api/", floors.Empty.as_view()),
    *product,
]
