"""Files that are not taken in, each with a sentence that says what to do."""


class FileRefused(Exception):
    """`rule` is stable, `sentence` is for the person who uploaded."""

    def __init__(self, rule: str, sentence: str):
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
