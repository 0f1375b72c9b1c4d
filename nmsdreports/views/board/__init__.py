"""What the board is given, and what is made of it.

In: a standing, narrowed once by `edition` into a :class:`~.edition.BoardEdition`, which every view
of this folder takes and nothing else. Out: the page of charts, a CSV file for each chart, the
monitoring page, the deck.
Traps: what is printed here is public for ever. An edition holds no name, no id, no school, and no
count of incidents or concerns that has not gone through suppression.
"""
