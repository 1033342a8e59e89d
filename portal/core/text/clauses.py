"""What people typed as a sentence, put into a sentence of ours: without the stop that they ended it with."""

STOPS = "。．，、；;,： \u3000"


def bare(text: str) -> str:
    """「抽查不合格。」 as part of a sentence: 「抽查不合格」. A bracket, a question, an ellipsis stay."""
    return text.strip().rstrip(STOPS)


def in_one(*parts: object) -> str:
    """Clauses as one: 「质量问题，抽查不合格」. What is empty, or said already, is left out."""
    said = (bare(str(part)) for part in parts if part)
    return "，".join(dict.fromkeys(part for part in said if part))
