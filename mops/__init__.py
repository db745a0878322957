"""MOps: the composition root; imported by no app."""
