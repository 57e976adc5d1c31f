"""Membership: how often the group took this process for dead, which it learns only by being somebody new."""


class Membership:
    """The names under which a group knew this process.

    A member keeps its name through every rebalance. Who was silent for a session is forgotten with all its partitions,
    and has to join again under another name.

    Attributes
    ----------
    lost : how often that happened
    """

    def __init__(self) -> None:
        self.lost = 0
        self._name = ""

    def follow(self, name: str) -> bool:
        """Tell whether the membership was lost since the last look; ``name`` is empty while there is none."""
        lost = bool(name and self._name and name != self._name)
        self._name = name or self._name
        self.lost += lost
        return lost
