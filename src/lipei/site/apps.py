from importlib import import_module

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

NO_CHOICE = _("所选内容不在可选范围内。请从列出的选项中重新选择。")


class Site(AppConfig):
    """The pages that all chapters share: shells, sign-in, search, errors; the upkeep."""

    name = "lipei.site"
    label = "site_"

    def ready(self) -> None:
        # before any form is made: words never repeat what a person typed
        for kind in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField):
            words = {**kind.default_error_messages, "invalid_choice": NO_CHOICE}
            kind.default_error_messages = words
        import_module("lipei.site.standby")
        import_module("lipei.site.upkeep")
