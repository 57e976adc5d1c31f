"""The demo: real attacks on a real model through the real worker, with everything embedded."""
