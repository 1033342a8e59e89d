"""How something stands on a day. Each rule is declared once; SQL, bitmaps and Python ask the same declaration."""
