"""From the words of an eligibility text to trees: layout, tokens, passes over them, and the grammar of clauses."""
