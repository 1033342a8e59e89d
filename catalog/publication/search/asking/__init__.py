"""What the words of a query mean. Everything here but `known` is pure: text and vocabulary in, an understanding out."""
