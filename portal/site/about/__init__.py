"""The standing pages of the site: guides, how to use and recognise it, and what search engines read."""
