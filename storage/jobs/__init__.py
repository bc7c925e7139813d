"""Work to be done: a table, so that a job is committed together with what asks for it (REL-008, REL-012).

A job waits, is leased to a worker, and is finished, tried again at a time, or laid to rest among the
dead. Jobs of one *lane* (mostly: for one host) share turns with the other lanes (REL-018); jobs with one
*key* run one after the other in the order they were added (REL-017). Functions take the transaction
first; whoever waits for work listens to the topic ``queue:NAME``.
"""

from storage.jobs.adding import add, add_many
from storage.jobs.cancelling import cancel, thin
from storage.jobs.claiming import claim
from storage.jobs.counting import Counts, backlog, counts, pending
from storage.jobs.deadletters import dead, discard, revive, waiting
from storage.jobs.job import Job, NewJob, Report, State, topic
from storage.jobs.pausing import pause, paused, resume
from storage.jobs.settling import bury, finish, finish_many, release, renew, retry

__all__ = [
    "Counts",
    "Job",
    "NewJob",
    "Report",
    "State",
    "add",
    "add_many",
    "backlog",
    "bury",
    "cancel",
    "claim",
    "counts",
    "dead",
    "discard",
    "finish",
    "finish_many",
    "pause",
    "paused",
    "pending",
    "release",
    "renew",
    "resume",
    "retry",
    "revive",
    "thin",
    "topic",
    "waiting",
]
