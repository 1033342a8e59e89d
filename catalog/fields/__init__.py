"""One declaration of each public field of enterprise, certificate and product: cell, counter and admin all ask it.

Pure functions over `portal.core.text`; nothing here reads a database. Whether a place, a category or a body is registered is
asked by the rooms that keep those registers.
"""
