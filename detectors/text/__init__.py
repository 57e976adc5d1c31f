"""Words that are asked of a model, and its answers: one spelling for many disguises, and what they resemble."""
