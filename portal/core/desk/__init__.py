"""The desk: the back office of the working group, Django's admin behind the role table."""
