"""One record after another on its principal's row; called by :mod:`detectors.profile`.

Read in this order: ``rows`` (what a row holds), ``advance`` (a record's way), ``ring`` (comparison with recent inputs),
``chains`` (near copies of near copies), ``wholes``. Loops run over ``len(column)`` and slices rather than constants and
offsets: the compiler unrolls short constant loops and gives up on offsets that may be negative, where it could use
vector registers (the search of the ring is six times as fast, of reference rows thirty times).
"""
