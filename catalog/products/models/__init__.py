from .kind_guides import KindGuide, KindGuideVersion
from .kind_words import KindWords, KindWordsVersion
from .products import Certificate, CertificateCheck, Product, models_key
from .references import Catalogue, Category, CertificationBody, LocalRequirement, categories

__all__ = [
    "Catalogue",
    "Category",
    "Certificate",
    "CertificateCheck",
    "CertificationBody",
    "KindGuide",
    "KindGuideVersion",
    "KindWords",
    "KindWordsVersion",
    "LocalRequirement",
    "Product",
    "categories",
    "models_key",
]
