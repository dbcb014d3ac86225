"""Answers questions from a learner's own notes: retrieval, engine, answers, page and command line."""
