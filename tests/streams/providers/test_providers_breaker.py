"""When a provider is left in peace (Atom §8.3 rule 5)."""

from streams.providers.breaker import Record, after_delay, after_refusal, after_success, rests


def test_three_delays_running_ban_for_longer_and_longer() -> None:
    """Atom §8.3: 60 seconds, then one try, then twice as long, at most an hour."""
    record, now = Record(), 0.0
    for _ in range(2):
        record = after_delay(record, now)
        assert rests(record, now) is None
    record = after_delay(record, now)
    lengths = []
    for _ in range(9):
        assert rests(record, now) == "banned"
        lengths.append(record.until - now)
        now = record.until
        assert rests(record, now) is None
        record = after_delay(record, now)
    assert lengths == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_an_answer_in_time_forgives() -> None:
    """Atom §8.3: three in a row."""
    record = after_delay(after_delay(Record(), 0), 0)
    assert rests(after_delay(after_success(record), 0), 0) is None


def test_late_answers_of_one_who_rests_count_no_more() -> None:
    record = after_delay(after_delay(after_delay(Record(), 0), 0), 0)
    assert after_delay(record, 1) == record


def test_who_asks_for_a_rest_gets_it() -> None:
    """Atom §8.3: throttled, for an hour at most."""
    record = after_refusal(Record(), 10, 5)
    assert (rests(record, 14.9), rests(record, 15)) == ("throttled", None)
    assert rests(after_refusal(Record(), 0, 1e9), 3_600) is None
    assert rests(after_refusal(Record(), 0, -5), 0) is None
