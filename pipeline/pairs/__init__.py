"""Pairs of units: which may state the same fact, which do, and why."""
