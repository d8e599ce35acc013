"""ivigil: immunoglobulin stewardship, every answer with its reason and its source.

Importing the package loads no heavy engine; the rooms are imported where they are used.
"""

__version__ = "0.1.0"
