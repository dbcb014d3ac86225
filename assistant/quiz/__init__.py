"""A quiz over the notes: what is asked, what is said, where it stands."""
