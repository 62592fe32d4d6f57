from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

from lipei.manual import sections


class Kit(AppConfig):
    """The tools; they own the journal, the ledger and the cursors."""

    name = "lipei.kit"
    label = "kit"


class Chapter(AppConfig):
    """A chapter loads its sections at start, so that their listeners and jobs are known."""

    def ready(self) -> None:
        for section in sections():
            if section.module.startswith(f"{self.name}.") and find_spec(section.module):
                import_module(section.module)
