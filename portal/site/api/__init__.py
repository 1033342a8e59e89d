"""The data interface: `/api/v1/`, what the public pages say, for programs. The same reading, nothing of its own."""
