"""Floor 4: what is published: records of searches read, duplicates found, and a queue for a person to screen."""
