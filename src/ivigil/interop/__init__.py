"""Floor 7: what other programs read: models of one person as SBML and PEtab, and rules as CQL."""
