"""The conversations of a home, kept."""
