"""What only developers run through manage.py: measures, on a database made for them."""
