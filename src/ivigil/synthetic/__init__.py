"""Made-up patients and cohorts, for demonstrations, tests and benchmarks: never evidence, and no person's record."""

from ivigil.synthetic.plan import Options, Plan, plan_of
from ivigil.synthetic.single import bundle_of, resources_of

__all__ = ["Options", "Plan", "bundle_of", "plan_of", "resources_of"]
