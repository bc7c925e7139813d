"""Where settings come from, and what is said of mistakes."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from server.config import ConfigError, load


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def problems(path: Path | None, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return list(caught.value.problems)


def test_defaults_are_those_of_the_contract() -> None:
    config = load(None, {})
    assert config.server.base_url == "http://127.0.0.1:8000"
    assert config.storage.url == "sqlite:///data/headwater.db"
    assert config.storage.durability == "full"
    assert not config.federation.reveal_forbidden
    assert config.ingest.amqp_url == ""


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.toml", '[server]\nport = 1\nhost = "::1"\n')
    config = load(path, {"HEADWATER_SERVER_PORT": "2"})
    assert (config.server.port, config.server.host) == (2, "::1")


def test_the_file_is_found_by_variable_then_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "headwater.toml", "[server]\nport = 1\n")
    other = written(tmp_path / "other.toml", "[server]\nport = 2\n")
    assert load(None, {}).server.port == 1
    assert load(None, {"HEADWATER_CONFIG": str(other)}).server.port == 2


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    assert problems(tmp_path / "no.toml") == [f"{tmp_path / 'no.toml'}: there is no such file"]


def test_lists_in_the_environment_are_parted_by_commas() -> None:
    config = load(None, {"HEADWATER_FEDERATION_ALLOW_ADDRESSES": "10.0.0.0/8, ::1"})
    assert config.federation.allow_addresses == (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def test_secrets_can_be_files(tmp_path: Path) -> None:
    path = written(tmp_path / "url", "postgresql://u:pw@h/x\n")
    assert load(None, {"HEADWATER_STORAGE_URL_FILE": str(path)}).storage.url == "postgresql://u:pw@h/x"


def test_only_secrets_can_be_files() -> None:
    assert "unknown key server.host_file" in problems(None, HEADWATER_SERVER_HOST_FILE="/etc/hostname")[0]


def test_tables_in_the_environment_are_json() -> None:
    config = load(None, {"HEADWATER_ROUTES": '[{"match": "type = \'a\'", "into": "timeline:b"}]'})
    assert config.routes[0].into == "timeline:b"
    assert "HEADWATER_FEEDS: expected JSON" in problems(None, HEADWATER_FEEDS="{")[0]


def test_other_peoples_variables_are_left_alone() -> None:
    """Container platforms set such names for a service called headwater."""
    assert load(None, {"HEADWATER_SERVICE_HOST": "10.0.0.1", "HEADWATER_PORT": "tcp://10.0.0.1"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 3", "2: unknown key server.prot; did you mean port?"),
        ("[server]\n\nport = 'abc'", "3: server.port = 'abc': Input should be a valid integer"),
        ("[serve]\nport = 1", "1: unknown key serve; did you mean server?"),
        ("[nonsense]", "1: unknown key nonsense; expected one of server, storage,"),
        (
            "[storage]\ndurability = 'half'",
            "2: storage.durability = 'half': Input should be 'full' or 'normal'",
        ),
        (
            "[server]\nbase_url = 'http://a.example'",
            "2: server.base_url = 'http://a.example': expected https://",
        ),
        ("[feeds.x]\ntyp = 'flat'", "2: unknown key feeds.x.typ; did you mean type?"),
        ("[feeds.'a b']\ntype = 'flat'", "the name of a feed group has at most 255 letters, digits, _ and -"),
        (
            "[feeds.x]\naggregation = '{{ verb'",
            "2: feeds.x.aggregation = '{{ verb': '}}' is missing (character 8)",
        ),
        (
            "[[routes]]\nmatch = 'type ='\ninto = 'timeline:b'",
            "routes.0 = {'match': 'type =', 'into': 'timeline:b'}: line 1, character 7: expected a value",
        ),
        ("[[routes]]\nmatch = \"type = 'a'\"\ninto = 'b'", "no feed is called 'b': expected group:id"),
        ("[feeds.x]\ntemplate = '{% if %}'", "2: feeds.x.template = '{% if %}': expected a value"),
        (
            "[feeds.x]\nranking = 'a +'",
            "2: feeds.x.ranking = 'a +': expected a value, found the end (character 4)",
        ),
        (
            "[feeds.x.rankings.y]\nscore = 'a +'",
            "1: feeds.x.rankings.y = {'score': 'a +'}: score: expected a value",
        ),
        ("[feeds.x.rankings.y]\nscor = 'a'", "2: unknown key feeds.x.rankings.y.scor; did you mean score?"),
        ("[feeds.x]\nmax_age_seconds = 0", "2: feeds.x.max_age_seconds = 0"),
        (
            "[feeds.x]\nclient_read = 'all'",
            "2: feeds.x.client_read = 'all': Input should be 'any', 'own' or 'none'",
        ),
        ("[feeds.x]\nwebhook = 'x'", "2: feeds.x.webhook = 'x': expected an address"),
        ("[[routes]]\nmatch = 'a'", "routes.0.into is missing"),
        ("[limits]\nbody_bytes_max = 0", "2: limits.body_bytes_max = 0: Input should be greater than 0"),
        ("[server\n", "not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path / "a.toml", text)
    assert any(said in line and str(path) in line for line in problems(path)), problems(path)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(written(tmp_path / "a.toml", "[server]\na = 1\nb = 2\n[storage]\nc = 3"))) == 3


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    """SEC-118."""
    path = written(tmp_path / "a.toml", "[server]\noperator_token = 12345678\n")
    (said,) = problems(path)
    assert "server.operator_token" in said
    assert "12345678" not in said


def test_secrets_are_not_in_what_is_printed() -> None:
    """SEC-118."""
    assert "pw" not in repr(load(None, {"HEADWATER_STORAGE_URL": "postgresql://u:pw@h/x"}))


def test_mistakes_in_the_environment_name_the_variable() -> None:
    (said,) = problems(None, HEADWATER_SERVER_PORT="x")
    assert said.startswith("HEADWATER_SERVER_PORT: server.port = 'x'")


@pytest.mark.parametrize("name", ["requests_per_minute", "requests_at_once_per_client_max"])
def test_limits_per_client_are_off_in_test_mode_only(name: str) -> None:
    chosen = {f"HEADWATER_LIMITS_{name.upper()}": "7"}
    public = {"HEADWATER_SERVER_BASE_URL": "https://a.example"}
    assert getattr(load(None, {}), name) == 0
    assert getattr(load(None, chosen), name) == 7
    assert getattr(load(None, public), name) > 0


def test_the_default_rate_is_that_of_the_contract() -> None:
    assert load(None, {"HEADWATER_SERVER_BASE_URL": "https://a.example"}).requests_per_minute == 600
