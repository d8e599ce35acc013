"""Floor 7: models of one person written for other programs: SBML for simulators, PEtab for those that estimate."""
