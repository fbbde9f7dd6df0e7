"""Every setting of Rinvio, from options, `RINVIO_*` variables and `rinvio.toml`, in that order."""

import os
import re
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from corpus.errors import SettingsError
from embed.origins import origin_of

TOML_FILE = "rinvio.toml"
MISSPELT = 0.85  # of a variable's likeness to a setting's (difflib's ratio)
KEY_LENGTH = 16  # characters: fewer could be guessed
SHIPPED_DOCUMENTS = Path(__file__).with_name("corpus") / "documents"


class Settings(BaseSettings):
    """The settings, with their defaults; `load_settings` reads them."""

    model_config = SettingsConfigDict(
        env_prefix="RINVIO_",
        toml_file=TOML_FILE,
        env_ignore_empty=True,  # as EnvironmentFile= and compose leave what is not given
        extra="forbid",
        hide_input_in_errors=True,  # it may be a key
    )

    index: Path = Field(Path("data/index"), description="folder of the index")
    documents: Path = Field(SHIPPED_DOCUMENTS, description="folder of .txt and .md documents")
    encoder: str = Field("e5", description="e5, minilm, or a sentence-transformers name or path")
    precision: Literal["int8", "fp32"] = Field("int8", description="weights of a new encoder")
    gate: Path | None = Field(None, description="acceptance questions that a build has to pass")
    verifier: bool = Field(True, description="read the best passages again before answering")
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="confidence from which on a question counts as answered",
    )
    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65535, description="port to serve on; 0 takes a free one")
    workers: int = Field(1, ge=1, le=64, description="processes that serve")
    queue: int = Field(64, ge=0, le=10_000, description="questions that may wait for a core")
    timeout: float = Field(
        10, gt=0, le=300, allow_inf_nan=False, description="seconds that an answer may take"
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="sites whose pages may ask, exact origins with commas between"
    )
    gaps: Path | None = Field(
        None, description="file that keeps refused questions; none keeps none"
    )
    rate_limit: str = Field("120/minute", description="requests that one address may send, or off")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1", "::1"), description="addresses or networks of proxies to be believed"
    )
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="keys that programs have to send, with commas between"
    )
    log_questions: bool = Field(False, description="write the questions into the log")

    @field_validator("index", "documents", "encoder", "gate", "host", "gaps", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if value == "":
            raise ValueError("it is empty")
        if not isinstance(value, str | Path | None):
            raise ValueError('it has to be text, in quotation marks ("...")')
        return value

    @field_validator("index")
    @classmethod
    def _utf8(cls, value: Path) -> Path:
        try:
            str(value.absolute()).encode()
        except UnicodeEncodeError as error:
            raise ValueError("its path is not UTF-8, which libraries need; rename it") from error
        return value

    @field_validator("cors_origins", "trusted_proxies", "api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            return value
        return tuple(part.strip() for part in parts if part.strip())

    @field_validator("api_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        parts = value.split(",") if isinstance(value, str) else value
        if isinstance(parts, list) and parts and not any(str(part).strip() for part in parts):
            raise ValueError("it names no key, which would let everybody in; leave it out for that")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin == "null":
                raise ValueError("'null' is every file and every sandbox, and cannot be allowed")
            if origin != (sent := origin_of(origin)):
                instead = sent or "an exact origin such as https://www.comune.it"
                raise ValueError(f"browsers never send {origin!r}; write {instead}")
        return value

    @field_validator("rate_limit")
    @classmethod
    def _rate(cls, value: str) -> str:
        if not re.fullmatch(r"[1-9]\d*/(second|minute|hour|day)|off", value):
            raise ValueError(f"{value!r} is neither a rate such as 120/minute nor off")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)  # ValueError says what is wrong
        return value

    @field_validator("api_keys")
    @classmethod
    def _long(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key) < KEY_LENGTH for key in value):
            raise ValueError(f"a key has fewer than {KEY_LENGTH} characters")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options first, then the environment, then the file in the working folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**options: Any) -> Settings:
    """The settings, `options` (those that are not None) before all others.

    SettingsError names the setting that is wrong, or the variable that is misspelt.
    """
    _check_spelling()
    if os.environ.get("RINVIO_PORT", "").startswith("tcp://"):
        del os.environ["RINVIO_PORT"]  # Kubernetes' own, of a service called rinvio
    if os.path.lexists(TOML_FILE) and not Path(TOML_FILE).is_file():
        raise SettingsError(
            f"{TOML_FILE} is no file, or a link to none.", "Write the settings there, or remove it."
        )
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        known = ", ".join(Settings.model_fields)
        if name not in Settings.model_fields:
            raise SettingsError(
                f"There is no setting {name} ({TOML_FILE}).", f"The settings are {known}."
            ) from error
        raise SettingsError(
            f"The setting {name} is wrong: {first['msg'].removeprefix('Value error, ')}.",
            f"Mend the option, RINVIO_{name.upper()} or {name} in {TOML_FILE}.",
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"{TOML_FILE} cannot be read ({error}).",
            "Mend it or its permissions: it has to be TOML.",
        ) from error


def _check_spelling() -> None:
    """Refuse a variable that is nearly a setting: RINVIO_API_KEY would leave the API open.

    Others are let be: container platforms make names such as RINVIO_PORT_80_TCP of their own.
    """
    known = [f"RINVIO_{name.upper()}" for name in Settings.model_fields]
    for variable in os.environ:
        if variable.startswith("RINVIO_") and variable not in known:
            meant = get_close_matches(variable, known, 1, MISSPELT)
            if meant:
                raise SettingsError(
                    f"There is no setting {variable}.", f"Call it {meant[0]}, or take it away."
                )
