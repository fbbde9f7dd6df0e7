"""Settings: where they come from, which wins, what is refused."""

from pathlib import Path

import pytest

from corpus.errors import SettingsError
from settings import load_settings
from views.strings import (
    all_strings,
    confidence_key,
    duration,
    page_language,
    percent,
    strings,
)


def test_options_win_over_environment_over_file(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option, else a variable, else rinvio.toml, else the default."""
    Path("rinvio.toml").write_text('port = 1\nhost = "a"\nencoder = "minilm"\n')
    monkeypatch.setenv("RINVIO_PORT", "2")
    monkeypatch.setenv("RINVIO_HOST", "b")
    settings = load_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.encoder) == (3, "b", "minilm")
    assert settings.index == Path("data/index")


def test_origins_are_a_list_with_commas(no_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is allowed by default; a variable may list several exact origins."""
    assert load_settings().cors_origins == ()
    monkeypatch.setenv("RINVIO_CORS_ORIGINS", "https://a.example, http://b.example:8080")
    assert load_settings().cors_origins == ("https://a.example", "http://b.example:8080")


def test_null_is_no_origin(no_settings: Path) -> None:
    """Browsers send it for every file and sandbox: to allow it is to allow anybody."""
    with pytest.raises(SettingsError, match="'null' is every file and every sandbox"):
        load_settings(cors_origins="null")


def test_an_empty_variable_is_absent(no_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty host would serve on all addresses, empty keys would open what the file closes."""
    Path("rinvio.toml").write_text(f'api_keys = [" {"k" * 16} "]\n')
    for name in ("HOST", "INDEX", "GATE", "GAPS", "API_KEYS"):
        monkeypatch.setenv(f"RINVIO_{name}", "")
    settings = load_settings()
    assert (settings.host, settings.index) == ("127.0.0.1", Path("data/index"))
    assert (settings.gate, settings.gaps) == (None, None)
    assert [key.get_secret_value() for key in settings.api_keys] == ["k" * 16]


@pytest.mark.parametrize("keys", [",", " , ", "\n", "\t,\u00a0", [""], ["", " "]])
def test_keys_of_unset_variables_open_nothing(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch, keys: str | list[str]
) -> None:
    """RINVIO_API_KEYS="$ONE,$OTHER" with neither set is refused, not taken for no keys."""
    if isinstance(keys, str):
        monkeypatch.setenv("RINVIO_API_KEYS", keys)
    else:  # as a template may fill in the file
        Path("rinvio.toml").write_text(f"api_keys = {keys!r}\n")
    with pytest.raises(SettingsError, match="names no key"):
        load_settings()


@pytest.mark.parametrize("name", ["host", "index", "documents", "encoder", "gate", "gaps"])
def test_an_empty_setting_is_refused(no_settings: Path, name: str) -> None:
    """It would mean another place than the default one."""
    Path("rinvio.toml").write_text(f'{name} = ""\n')
    with pytest.raises(SettingsError, match=f"{name} is wrong: it is empty"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("index = 5", "it has to be text, in quotation marks"),
        ("threshold = nan", "finite number"),
        ("timeout = nan", "finite number"),
    ],
)
def test_a_value_of_another_kind_is_said_in_plain_words(
    no_settings: Path, text: str, said: str
) -> None:
    """Neither a class of Python nor a bound that has nothing to do with it."""
    Path("rinvio.toml").write_text(f"{text}\n")
    with pytest.raises(SettingsError, match=said):
        load_settings()


def test_a_file_that_is_none_is_refused(no_settings: Path) -> None:
    """What stands in the way of the settings would be passed over in silence."""
    Path("rinvio.toml").symlink_to("nowhere.toml")
    with pytest.raises(SettingsError, match="is no file"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RINVIO_PORT", "many"),
        ("RINVIO_PORT", "70000"),
        ("RINVIO_WORKERS", "0"),
        ("RINVIO_THRESHOLD", "2"),
        ("RINVIO_PRECISION", "int4"),
        ("RINVIO_CORS_ORIGINS", "*"),
        ("RINVIO_CORS_ORIGINS", "https://a.example/path"),
        ("RINVIO_CORS_ORIGINS", "a.example"),
        ("RINVIO_CORS_ORIGINS", "https://WWW.a.example"),
        ("RINVIO_CORS_ORIGINS", "https://a.example:443"),
        ("RINVIO_CORS_ORIGINS", "https://città.example"),
        ("RINVIO_RATE_LIMIT", "fast"),
        ("RINVIO_RATE_LIMIT", "0/minute"),
        ("RINVIO_TRUSTED_PROXIES", "*"),
        ("RINVIO_TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
def test_a_wrong_setting_is_named(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """The error names the setting and every place where it can be mended."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable):
        load_settings()


@pytest.mark.parametrize("text", ["colour = 1\n", "port = \n"])
def test_a_wrong_file_is_named(no_settings: Path, text: str) -> None:
    """An unknown setting and a broken rinvio.toml are refused by name."""
    Path("rinvio.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"rinvio\.toml"):
        load_settings()


def test_a_file_that_cannot_be_read_is_named(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No permission, or not even text: the error says so, without a traceback."""
    Path("rinvio.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"rinvio\.toml cannot be read"):
        load_settings()

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(SettingsError, match=r"rinvio\.toml cannot be read.*Permission denied"):
        load_settings()


@pytest.mark.parametrize("variable", ["RINVIO_API_KEY", "RINVIO_CORS_ORIGIN", "RINVIO_TRESHOLD"])
def test_a_misspelt_variable_is_named(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """What is nearly a setting is refused with its right name, rather than not heard."""
    monkeypatch.setenv(variable, "0.5")
    with pytest.raises(SettingsError, match=variable) as raised:
        load_settings()
    assert "RINVIO_" in raised.value.cure


def test_variables_of_a_container_platform_are_let_be(
    no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kubernetes names a service's addresses RINVIO_...; they are no misspelt settings."""
    for name in ("SERVICE_HOST", "SERVICE_PORT", "PORT_80_TCP", "PORT_80_TCP_ADDR"):
        monkeypatch.setenv(f"RINVIO_{name}", "10.0.0.1")
    monkeypatch.setenv("RINVIO_PORT", "tcp://10.0.0.1:8000")
    assert load_settings().port == 8000


def test_both_languages_have_every_string() -> None:
    """English and Italian have the same keys, none empty, with the same blanks to fill."""
    english, italian = all_strings()["en"], all_strings()["it"]
    assert english.keys() == italian.keys()
    for key in english:
        assert english[key]
        assert italian[key]
        assert english[key].count("{") == italian[key].count("{")


@pytest.mark.parametrize(
    ("chosen", "header", "expected"),
    [
        (None, "", "en"),
        (None, "it-IT,it;q=0.9,en;q=0.8", "it"),
        (None, "fr-FR, it;q=0.5", "it"),
        (None, "en;q=0.1, it;q=0.9", "it"),
        ("en", "it", "en"),
        ("xx", "it", "it"),
    ],
)
def test_the_page_speaks_the_reader_s_language(
    chosen: str | None, header: str, expected: str
) -> None:
    """What was chosen, else the browser's first language that is there, else English."""
    assert page_language(chosen, header) == expected


def test_confidence_has_words() -> None:
    """Three grades of sureness."""
    keys = [confidence_key(value) for value in (0.95, 0.8, 0.5)]
    assert keys == ["confidence_high", "confidence_middle", "confidence_low"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 secondo"),
        (60, "60 secondi"),
        (61, "2 minuti"),
        (3600, "60 minuti"),
        (3601, "2 ore"),
    ],
)
def test_a_time_to_wait_is_never_too_short(seconds: int, said: str) -> None:
    """Rounded up, in the unit that is easiest to read."""
    assert duration(seconds, strings("it")) == said


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.8951, 89), (0.57, 57), (0.9953, 99), (1.0, 99), (0.0, 0)]
)
def test_a_probability_shows_no_more_than_its_words(confidence: float, shown: int) -> None:
    """90 % stands only where "very likely" does, and nothing is certain."""
    assert percent(confidence) == shown
