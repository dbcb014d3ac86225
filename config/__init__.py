"""Settings and the model registry; imports nothing of the project."""
