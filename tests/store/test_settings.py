"""Settings: read once from the environment, and refused with the variable's name where they make no sense."""

from pathlib import Path

import pytest

from service.errors import BadSetting
from service.settings import SETTINGS, LogLevel, Settings, default_data_dir, settings_from


def test_nothing_set_is_the_documented_default() -> None:
    plain = settings_from({})
    assert (plain.host, plain.port, plain.database_url, plain.log_level) == ("127.0.0.1", 8000, None, LogLevel.INFO)


def test_set_to_nothing_is_as_if_not_set() -> None:
    assert settings_from({"ELIGO_PORT": "", "DATABASE_URL": ""}) == settings_from({})


READ = [
    ("ELIGO_PORT", "80", "port", 80),
    ("ELIGO_LOG_LEVEL", "WARNING", "log_level", LogLevel.WARNING),
    ("ELIGO_STATEMENT_TIMEOUT_S", "2.5", "statement_timeout_s", 2.5),
    ("ELIGO_DATA_DIR", "/srv/eligo", "data_dir", Path("/srv/eligo")),
    ("DATABASE_URL", "postgresql://a,b/eligo", "database_url", "postgresql://a,b/eligo"),
]


@pytest.mark.parametrize(("variable", "value", "member", "expected"), READ)
def test_a_value_is_read(variable: str, value: str, member: str, expected: object) -> None:
    assert getattr(settings_from({variable: value}), member) == expected


REFUSED = [
    ("ELIGO_PORT", "http", "ELIGO_PORT `http`: it must be a whole number from 1 to 65535"),
    ("ELIGO_PORT", "0", "from 1 to 65535"),
    ("ELIGO_PORT", "²", "from 1 to 65535"),
    ("ELIGO_STATEMENT_TIMEOUT_S", "nan", "it must be seconds"),
    ("ELIGO_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
    ("PGBIN", "/nowhere", "PGBIN `/nowhere`: it holds no program named postgres"),
    ("DATABASE_URL", "mysql://secret@host", "DATABASE_URL: it must begin with postgresql://"),
    ("ELIGO_ADMIN_TOKEN", "short", "ELIGO_ADMIN_TOKEN: it must have at least 16 characters"),
    ("ELIGO_TOKEN_KEYS", "http://login.example/keys", "it must begin with https://"),
    ("ELIGO_TOKEN_KEYS", "http://127.0.0.1.login.example/keys", "it must begin with https://"),
    ("ELIGO_TOKEN_ISSUER", "https://login.example", "ELIGO_TOKEN_AUDIENCE and ELIGO_TOKEN_KEYS must be set too"),
]


@pytest.mark.parametrize(("variable", "value", "message"), REFUSED)
def test_a_bad_value_is_refused_by_name(variable: str, value: str, message: str) -> None:
    with pytest.raises(BadSetting) as refused:
        settings_from({variable: value})
    assert message in str(refused.value)


def test_a_secret_is_never_repeated() -> None:
    for variable in ("DATABASE_URL", "ELIGO_ADMIN_TOKEN"):
        with pytest.raises(BadSetting) as refused:
            settings_from({variable: "s3cret"})
        assert "s3cret" not in str(refused.value)


def test_every_member_has_its_variable_and_meaning() -> None:
    assert {row.member for row in SETTINGS} == set(Settings.__struct_fields__)
    assert len({row.variable for row in SETTINGS}) == len(SETTINGS)
    assert all(row.meaning and row.default for row in SETTINGS)


def test_the_data_lies_in_the_current_directory_or_where_root_can_share_it(tmp_path: Path) -> None:
    assert default_data_dir(tmp_path, is_root=False) == tmp_path / ".eligo"
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert default_data_dir(closed, is_root=True) == Path("/var/lib/eligo", *closed.parts[1:])
