"""Everything that happened here, at whichever door, as one stream to be read, filtered and paged (Atom §3.3, §4, §8.5).

``indexing`` keeps the index, ``facets`` says by what an activity is found, ``local`` has the providers that read it.
"""
