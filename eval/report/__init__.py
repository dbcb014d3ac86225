"""A run, told: to a terminal, as Markdown, as one HTML page with pictures."""
