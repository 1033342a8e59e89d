"""What a form that anybody may send has to bring along: a signed key, a proof of work, and a place within the limits."""
