"""Laboratory: models of many kinds, honest customers of many habits, and attacks that are really computed.

What is learnt from it has to hold for models and customers that nobody has seen. So nothing here is alike twice:
each seed draws other data, other habits, other shares of them, and other paces. Needs the extra ``train``.

::

    victims ──► a model that answers, and honest inputs for it      customers ──► what honest principals ask and when
    population ──► who is there: many small, few loud, newcomers    attacks, campaigns ──► who is not honest
    world ──► all of it as columns in order of time, and as records
"""
