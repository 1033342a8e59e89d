"""The rows of the registers as files: CSV, XLSX and JSON Lines, straight from the database; and whole files, made once and kept."""
