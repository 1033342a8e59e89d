"""`/build/`: a house, its parts, what they need, and what of it is listed, sold and subsidised where one lives."""
