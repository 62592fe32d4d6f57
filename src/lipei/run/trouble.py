"""A trouble that the person at the terminal can mend."""


class Trouble(Exception):
    """What stands in the way, in one sentence, and the way out of it."""

    def __init__(self, sentence: str, *, way_out: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.sentence}\n       {self.way_out}"
