"""Training of what reads words: letter pairs, prompt heads, embeddings."""
