"""How things are made to train and to try detectors on: seeded, from numpy alone."""
