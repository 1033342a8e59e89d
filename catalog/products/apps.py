from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "catalog.products"
    verbose_name = "产品与证书"
