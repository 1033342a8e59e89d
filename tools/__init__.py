"""What `make` calls: the test run and the server; no part of the application."""
