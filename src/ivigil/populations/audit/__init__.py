"""Audits of cohorts: every request judged, counted in every way that a report shows, with small numbers hidden."""
