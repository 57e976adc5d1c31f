"""What a model's answers should not hold: personal data, secrets, canaries, text that is kept from the public."""
