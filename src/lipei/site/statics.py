"""Static files: hashed names and compression, and no hard failure before the first build."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """A name that was not collected yet is served under its plain name."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one of a file that is not there yet."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
