"""How much a number grew, in words."""


def grown(by: int, words: str = "") -> str:
    """＋3, －1,200, ±0; `words` are the amount without its sign, where it is not counted in ones."""
    sign = "＋" if by > 0 else "－" if by < 0 else "±"
    return f"{sign}{words or f'{abs(by):,}'}"
