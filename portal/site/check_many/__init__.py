"""`/check/many/`: many numbers at once. It reads files as the imports do, so it stands above the registers."""
