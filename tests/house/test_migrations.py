"""The tables as the models tell them are the tables that the migrations make."""

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def not_migrated(told: ProjectState) -> dict[str, list[str]]:
    """By chapter, what the models tell and no migration makes."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with translation.override(None):
        made = MigrationAutodetector(loader.project_state(), told).changes(graph=loader.graph)
    return {
        label: [step.describe() for one in found for step in one.operations]
        for label, found in made.items()
    }


def test_no_model_has_changed_without_its_migration():
    assert not_migrated(ProjectState.from_apps(apps)) == {}


def test_a_field_that_no_migration_makes_is_named():
    told = ProjectState.from_apps(apps)
    told.models["general", "claim"].fields["colour"] = models.CharField(max_length=9, default="")
    assert not_migrated(told) == {"general": ["Add field colour to claim"]}


def test_each_chapter_has_one_newest_migration():
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}
