"""What `/api/` shows: addresses that are asked by a test, and a whole client that a test lets run."""

from dataclasses import dataclass
from pathlib import Path

CLIENT = (Path(__file__).parent / "mirror.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Example:
    title: str
    path: str


EXAMPLES = (
    Example("现行的三星级防水产品，每次 50 行", "/api/v1/products?star=3&q=防水&limit=50"),
    Example("一家企业名下的产品，各种状态都要", "/api/v1/products?q={uscc}&validity=all"),
    Example("一个产品：各发布方的行、证书、核验、经过", "/api/v1/products/{number}"),
    Example("一家企业", "/api/v1/enterprises/{uscc}"),
    Example("印着这个编号的证书", "/api/v1/certificates?number={certificate}"),
    Example("第 1 版时的企业名录", "/api/v1/enterprises?edition=1"),
    Example("这一版以后的变动", "/api/v1/changes?since=1&limit=20"),
)
