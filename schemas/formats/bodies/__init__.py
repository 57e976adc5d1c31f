"""Bodies: what requests and answers of model servers look like inside, whoever logged them. One file a protocol."""
