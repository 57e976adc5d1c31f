"""How a reference is learnt from the clean period of a model version."""
