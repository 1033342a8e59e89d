"""Where the registers lie at the desk."""

ENTERPRISES, PRODUCTS, CERTIFICATES = (
    "/admin/enterprises/enterprise/",
    "/admin/products/product/",
    "/admin/products/certificate/",
)
