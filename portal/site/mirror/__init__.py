"""The public site of one edition as a folder of files that need no server: opened from a stick, or served by any web server."""
