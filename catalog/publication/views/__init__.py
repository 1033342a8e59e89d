"""The public pages of the registers."""
