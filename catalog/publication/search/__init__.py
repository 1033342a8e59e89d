"""Search and facets of the registers: which terms a line is found by, what is alive and valid, and the answer to a list.

A document is a line; its number is the line's. Postings are prepared from frozen lines before publication, so that
publication itself writes none: the lines that a batch opens and those it ends are two postings of their own.
"""
