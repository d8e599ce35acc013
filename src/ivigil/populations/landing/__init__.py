"""Landing: bulk records of any size read into a table of what was stated and a table of requests, as Parquet."""

from ivigil.populations.landing.counts import Landed
from ivigil.populations.landing.land import land
from ivigil.populations.landing.progress import Progress, Silent

__all__ = ["Landed", "Progress", "Silent", "land"]
