"""What a learner takes along: cards for Anki, the journal as a table."""
