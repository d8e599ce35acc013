"""Rules over tables: what the row evaluator answers for one case, as expressions over columns of facts.

Imported by its own name, not by :mod:`ivigil.criteria`, since it needs the extra ``populations``.
"""

from ivigil.criteria.frames.cells import Cell, cell_kinds, cells, extent_of
from ivigil.criteria.frames.classes import open_classes
from ivigil.criteria.frames.columns import FactColumns
from ivigil.criteria.frames.numbers import as_float
from ivigil.criteria.frames.trees import truth_expression

__all__ = ["Cell", "FactColumns", "as_float", "cell_kinds", "cells", "extent_of", "open_classes", "truth_expression"]
