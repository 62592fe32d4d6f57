"""Every address: the sections' pages found through the manual, the shared pages, the API."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from lipei.manual import sections
from lipei.site import pages
from lipei.site.api import api

Address = URLPattern | URLResolver


def section_urls() -> list[Address]:
    """The pages of all sections under their chapter's label: /intake/materials/…

    A page module may say its own `namespace` and `prefix`; then it stands there instead.
    """
    found: dict[tuple[str, str], list[Address]] = {}
    for module in _section_pages():
        chapter = module.__name__.split(".pages.")[0]
        config = apps.get_containing_app_config(chapter)
        assert config is not None, chapter
        namespace = getattr(module, "namespace", config.label)
        prefix = getattr(module, "prefix", f"{config.label}/")
        found.setdefault((namespace, prefix), []).extend(module.urlpatterns)
    return [_included(urls, *place) for place, urls in found.items()]


def _section_pages() -> Iterator[ModuleType]:
    for section in sections():
        chapter, _, topic = section.module.rpartition(".")
        package = f"{chapter}.pages"
        if find_spec(package) and find_spec(f"{package}.{topic}"):
            yield import_module(f"{package}.{topic}")


def site_urls() -> list[Address]:
    """The shared pages, under the namespace `site` unless a module says another (or none)."""
    found: dict[tuple[str, str], list[Address]] = {}
    for info in iter_modules(pages.__path__):
        module = import_module(f"{pages.__name__}.{info.name}")
        place = (getattr(module, "namespace", "site"), getattr(module, "prefix", ""))
        found.setdefault(place, []).extend(getattr(module, "urlpatterns", []))
    return [_included(urls, *place) for place, urls in found.items() if urls]


def _included(urls: list[Address], namespace: str, prefix: str) -> Address:
    return path(prefix, include((urls, namespace) if namespace else urls))


urlpatterns = [*site_urls(), *section_urls(), path("api/v1/", api.urls)]

handler400 = "lipei.site.pages.errors.bad_request"
handler403 = "lipei.site.pages.errors.forbidden"
handler404 = "lipei.site.pages.errors.not_found"
handler500 = "lipei.site.pages.errors.failed"
