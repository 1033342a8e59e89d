"""`/v/`: an answer of the site on one sheet of paper, with a short code that opens the same sheet again."""
