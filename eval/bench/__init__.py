"""Measures speed and memory on this machine: `python -m eval.bench`, results in docs/benchmarks.md."""
