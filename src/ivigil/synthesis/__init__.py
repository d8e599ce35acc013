"""Floor 4: meta-analysis. Effects from what studies report, pooled under named conventions, with how far they agree."""
