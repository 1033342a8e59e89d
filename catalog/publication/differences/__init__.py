"""What differs between two moments of a register: act by act (`steps`), and on balance (`pairs`)."""
