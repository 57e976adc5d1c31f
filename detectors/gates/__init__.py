"""Gates: the only deciders. Scores and e-values become alerts inside a false-alert budget."""
