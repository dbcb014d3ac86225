"""Measures the assistant: golden cases, metrics, comparisons."""
