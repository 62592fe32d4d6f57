"""Static files: hashed names and compression, and no hard failure before the first build."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """A name that was not collected yet is served under its plain name."""

    manifest_strict = False
