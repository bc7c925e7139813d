"""The doors: each translates between one protocol and the four verbs of ``streams``, and nothing else."""
