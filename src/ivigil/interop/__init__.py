"""Floor 7: models in the forms of other simulators: SBML and PEtab."""
