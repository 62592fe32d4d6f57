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


def page_urls() -> list[Address]:
    """The shared pages (namespace `site`) and those of all sections (/intake/materials/…).

    A page module may say its own `namespace` and `prefix`; modules of one namespace stand
    together, wherever they lie: the desk's pages come from the site and from the sections.
    """
    found: dict[tuple[str, str], list[Address]] = {}
    for module, namespace, prefix in (*_shared_pages(), *_section_places()):
        place = (getattr(module, "namespace", namespace), getattr(module, "prefix", prefix))
        found.setdefault(place, []).extend(getattr(module, "urlpatterns", []))
    return [_included(urls, *place) for place, urls in found.items() if urls]


def _shared_pages() -> Iterator[tuple[ModuleType, str, str]]:
    for info in iter_modules(pages.__path__):
        yield import_module(f"{pages.__name__}.{info.name}"), "site", ""


def _section_places() -> Iterator[tuple[ModuleType, str, str]]:
    for module in _section_pages():
        config = apps.get_containing_app_config(module.__name__.split(".pages.")[0])
        assert config is not None, module.__name__
        yield module, config.label, f"{config.label}/"


def _section_pages() -> Iterator[ModuleType]:
    for section in sections():
        chapter, _, topic = section.module.rpartition(".")
        package = f"{chapter}.pages"
        if find_spec(package) and find_spec(f"{package}.{topic}"):
            yield import_module(f"{package}.{topic}")


def pocket_urls() -> list[Address]:
    """The claimants' pages of sections and of the site, under one name: pocket, at /m/."""
    shared = [module for module, _, _ in _shared_pages()]
    found = [
        address
        for module in (*shared, *_section_pages())
        for address in getattr(module, "pocket_urlpatterns", [])
    ]
    return [_included(found, "pocket", "m/")] if found else []


def _included(urls: list[Address], namespace: str, prefix: str) -> Address:
    return path(prefix, include((urls, namespace) if namespace else urls))


urlpatterns = [path("api/v1/", api.urls), *page_urls(), *pocket_urls()]

handler400 = "lipei.site.pages.errors.bad_request"
handler403 = "lipei.site.pages.errors.forbidden"
handler404 = "lipei.site.pages.errors.not_found"
handler500 = "lipei.site.pages.errors.failed"
