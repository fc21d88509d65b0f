"""Say how `babelmill serve` runs: one TOML file, of which every key may be left out."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from flows.settings_file import read_toml

#: Read if it is there and no other is named.
DEFAULT_FILE = Path("serve.toml")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
#: What Apprise, which Prefect sends with, takes for an incoming webhook of Slack.
_SLACK = ("https://hooks.slack.com/services/", "https://hooks.slack-gov.com/services/")
_DATABASES = ("postgresql://", "postgresql+asyncpg://", "sqlite+aiosqlite://")


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmailSettings(_Group):
    """Where mail goes, and the server that takes it."""

    to: list[str] = Field(min_length=1, description="Addresses that are told.")
    server: str = Field(description="Name of the mail server.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    user: str | None = Field(None, description="Name to log in with; none: no login.")
    password: SecretStr | None = Field(None, description="The password to log in with.")
    sender: str | None = Field(None, description="Address that it comes from; none: the user's.")
    starttls: bool = Field(True, description="Whether the connection must be encrypted.")

    @field_validator("to")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        if not all(_ADDRESS.fullmatch(one) for one in value):
            raise ValueError("must be addresses such as desk@example.org")
        return value


class NotifySettings(_Group):
    """Who is told when something is wrong."""

    webhook: SecretStr | None = Field(
        None, description="An address that gets a POST of JSON with `subject` and `body`."
    )
    slack: SecretStr | None = Field(None, description="An incoming webhook of Slack.")
    email: EmailSettings | None = Field(None, description="Who gets mail, and through what.")
    nothing_new_hours: float | None = Field(
        None,
        gt=0,
        description="Hours without a published release after which somebody is told; none: never.",
    )

    @field_validator("slack")
    @classmethod
    def _is_of_slack(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(_SLACK):
            raise ValueError(f"must begin with {' or '.join(_SLACK)}")
        return value


class ServeSettings(_Group):
    """How the server runs, and who is told."""

    port: int = Field(4200, ge=1, le=65535, description="Port of the UI, on this machine only.")
    password: SecretStr | None = Field(
        None,
        description="`name:password` that the UI and the API ask for; none: anybody on this "
        "machine may use them.",
    )
    database: SecretStr | None = Field(
        None,
        description="Where Prefect keeps its runs: `postgresql://user:password@host/name`; none: "
        "a SQLite file in PREFECT_HOME.",
    )
    notify: NotifySettings = NotifySettings()

    @field_validator("password")
    @classmethod
    def _names_both(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(value.get_secret_value().partition(":")):
            raise ValueError("must be of the form name:password")
        return value

    @field_validator("database")
    @classmethod
    def _is_known(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(_DATABASES):
            raise ValueError(f"must begin with {' or '.join(_DATABASES)}")
        return value


def read_serve_settings(path: Path | None, port: int | None) -> ServeSettings:
    """Return the settings of a file, of `serve.toml` if none is named, or the defaults.

    Raises:
        BadSettings: The file cannot be read or a key or value is not allowed.
    """
    file = path or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    return read_toml(file, ServeSettings, {} if port is None else {"port": port})
