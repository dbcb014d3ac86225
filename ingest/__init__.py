"""Sources to notes to chunks to index."""
