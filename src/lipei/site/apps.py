from importlib import import_module

from django.apps import AppConfig


class Site(AppConfig):
    """The pages that all chapters share: shells, sign-in, search, errors; the upkeep."""

    name = "lipei.site"
    label = "site_"

    def ready(self) -> None:
        import_module("lipei.site.standby")
        import_module("lipei.site.upkeep")
