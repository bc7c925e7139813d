"""An open-source feed library reading a first page, in process, on SQLite: prints pages per second."""

import sys
import time

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sites",
        "actstream",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "library.db"}},
    SITE_ID=1,
    USE_TZ=True,
    ACTSTREAM_SETTINGS={"USE_JSONFIELD": False},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from actstream import action  # noqa: E402
from actstream.actions import follow  # noqa: E402
from actstream.models import user_stream  # noqa: E402
from actstream.registry import register  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

FOLLOWED, EACH, SECONDS = 20, 50, 2.0


def main(size: int) -> None:
    """Follow some, let each do things, and read."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    register(User)
    with transaction.atomic():
        reader = User.objects.create(username="reader")
        for number in range(FOLLOWED):
            someone = User.objects.create(username=f"u{number}")
            follow(reader, someone, send_action=False)
            for _ in range(EACH):
                action.send(someone, verb="pinned", target=reader)
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        page = [
            {
                "actor": str(one.actor),
                "verb": one.verb,
                "target": str(one.target),
                "time": one.timestamp.isoformat(),
            }
            for one in user_stream(reader)[:size]
        ]
        assert len(page) == size
        done += 1
    sys.stdout.write(f"{done / (time.perf_counter() - begun):.2f}\n")


main(int(sys.argv[1]))
