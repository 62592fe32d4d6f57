from django.apps import AppConfig


class Site(AppConfig):
    """The pages that all chapters share: shells, sign-in, search, errors."""

    name = "lipei.site"
    label = "site_"
