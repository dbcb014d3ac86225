"""Grades a learner's answer point by point: what was covered, in whose words, and against which passage."""
