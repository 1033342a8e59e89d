"""`/log/` and `/proof/`: what anybody needs to check the site without trusting it."""
