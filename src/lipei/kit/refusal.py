"""A "no" that a person can read: what is refused, by which clause, and what to do next."""

from lipei.manual import Refusal, refusal


class Refused(Exception):
    """The manual does not allow this now.

    `slug` names a row of manual/refusals.toml; `params` fill its words; one that differs by
    language is given as a pair, Chinese and English. Never holds personal
    content: what a person typed stays in the form, not in the refusal.
    """

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params = params
        assert self.row.slug == slug

    @property
    def row(self) -> Refusal:
        """The row behind it, with the words that hold when it is said."""
        return refusal(self.slug)

    @classmethod
    def stage(cls, stage: str) -> "Refused":
        """The refusal of a step that is not open at this stage."""
        return cls("stage_not_reached", stage=stage)

    @property
    def status(self) -> int:
        """The HTTP status under which this refusal is answered."""
        return self.row.status

    def words(self, language: str) -> str:
        """The refusal in the reader's language ("zh…" or "en…")."""
        english = language.startswith("en")
        return _filled(self.row.en if english else self.row.zh, self.params, english=english)

    def next_step(self, language: str) -> str:
        """What the person can do now."""
        english = language.startswith("en")
        text = self.row.next_en if english else self.row.next_zh
        return _filled(text, self.params, english=english)


def _filled(text: str, params: dict[str, object], *, english: bool) -> str:
    for name, value in params.items():
        said = value[english] if isinstance(value, tuple) else value
        text = text.replace("{" + name + "}", str(said))
    return text
