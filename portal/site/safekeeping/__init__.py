"""Backup and restoring: the database and the stored files, proved whole by the chain."""
