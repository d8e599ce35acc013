"""Floor 5: evidence that can be run again: analyses, checks of claims, what a new study moves, and snapshots."""
