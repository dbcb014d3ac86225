"""A question becomes ranked passages: fusion of lists, late interaction, P(answerable)."""
