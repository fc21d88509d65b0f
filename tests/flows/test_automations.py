"""Somebody is told when a run fails, and a run that died is not shown as running."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import responses
from apprise import Apprise
from apprise.plugins.email import NotifyEmail
from prefect.blocks.notifications import AppriseNotificationBlock

from flows.errors import BadSettings
from flows.serving.blocks import mail_url, notification_blocks
from flows.serving.settings import EmailSettings, NotifySettings, read_serve_settings
from tasks.steps.store import Store
from tests.conftest import ROOT, SEEDS
from tests.making.mail_server import receiving_mail
from tests.making.served import COMMAND, Served, wait
from tests.making.webhook import receiving

SLACK = "https://hooks.slack.com/services/T1H9RESGA/B7CDEFGHJ/abcDEF0123456789abcDEF01"
_TOLD_SECONDS = 120
#: Two minutes without a heartbeat, and Prefect looks every so often.
_DEAD_SECONDS = 240


def _settings(folder: Path, text: str) -> Path:
    path = folder / "serve.toml"
    path.write_text(text, "utf-8")
    return path


def test_settings_make_a_block_for_each_way_to_be_told(tmp_path: Path) -> None:
    text = f"""
[notify]
webhook = "https://example.org/hook"
slack = "{SLACK}"
nothing_new_hours = 36
[notify.email]
to = ["desk@example.org"]
server = "mail.example.org"
"""
    settings = read_serve_settings(_settings(tmp_path, text), None)
    assert notification_blocks(settings.notify).keys() == {
        *("babelmill-webhook", "babelmill-slack", "babelmill-email"),
    }
    assert notification_blocks(NotifySettings()) == {}


def test_mail_goes_where_the_settings_say() -> None:
    settings = EmailSettings.model_validate(
        {
            "to": ["a@example.org", "b@example.org"],
            "server": "mail.example.org",
            "user": "sender@example.org",
            "password": "p/:@ss",
        }
    )
    made = Apprise.instantiate(mail_url(settings))
    assert isinstance(made, NotifyEmail)
    assert (made.host, made.port, made.secure) == ("mail.example.org", 587, True)
    assert (made.user, made.password) == ("sender@example.org", "p/:@ss")
    assert sorted(address for _, address in made.targets) == ["a@example.org", "b@example.org"]


def test_mail_arrives_at_a_server() -> None:
    with receiving_mail() as mailbox:
        email = {
            "to": ["desk@example.org", "chief@example.org"],
            "server": "127.0.0.1",
            "port": mailbox.port,
            "sender": "babelmill@example.org",
            "starttls": False,
        }
        blocks = notification_blocks(NotifySettings.model_validate({"email": email}))
        block = blocks["babelmill-email"]
        assert isinstance(block, AppriseNotificationBlock)
        asyncio.run(block.anotify("nothing/here: no files — Köln", "build here: Failed"))
    assert sorted(mailbox.recipients) == ["chief@example.org", "desk@example.org"]
    message = mailbox.messages[0]
    assert (message["subject"], "babelmill@example.org" in message["from"]) == (
        "build here: Failed",
        True,
    )
    body = message.get_body(("plain", "html"))
    assert body is not None
    assert "nothing/here: no files — Köln" in body.get_content()


def test_slack_is_sent_what_happened() -> None:
    settings = NotifySettings.model_validate({"slack": SLACK})
    block = notification_blocks(settings)["babelmill-slack"]
    assert isinstance(block, AppriseNotificationBlock)
    with responses.RequestsMock() as answers:
        answers.post(SLACK, body="ok")
        asyncio.run(block.anotify("no files", "build here: Failed"))
        said = str(answers.calls[0].request.body)
    assert "build here: Failed" in said
    assert "no files" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[notify]\nslack = "https://example.org/secret"', "slack: .*hooks.slack.com"),
        ('[notify.email]\nto = ["desk"]\nserver = "secret"', "to: .*address"),
        ('password = "secret"', "password: .*name:password"),
        ('database = "mysql://secret"', "database: .*postgresql://"),
        ("prot = 1", "prot does not exist; allowed here: .*port"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_secret_is_shown(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadSettings, match=said) as error:
        read_serve_settings(_settings(tmp_path, text), None)
    assert "secret" not in str(error.value)


@pytest.mark.long
def test_an_automation_that_is_as_it_was_is_left_alone_whatever_the_hash_seed() -> None:
    """An update would begin the hours without a release anew, at each start."""
    code = (
        "from flows.serving.automations import marked, nothing_new, died;"
        "from uuid import UUID;"
        "print(marked(died(['b', 'a'])).description,"
        "*(marked(nothing_new([UUID(int=1)], hours)).description for hours in (12, 21)))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(set(re.findall(r"\((\w{8})\)", said[0]))) == 3


@pytest.mark.slow
def test_a_run_that_died_is_crashed_and_told_of(tmp_path: Path) -> None:
    """One on another terminal, which no worker watches."""
    store = tmp_path / "store"
    with receiving() as receiver, Store(store).locked(lambda: None):
        settings = _settings(tmp_path, f'[notify]\nwebhook = "{receiver.url}"\n')
        with Served(tmp_path, "--settings", str(settings)) as served:
            served.wait()
            served.run({"source": "nothing/here", "store": str(store)})
            wait(lambda: receiver.posts, _TOLD_SECONDS)
            assert receiver.posts[0]["subject"] == "build here → failed: Failed"
            assert "nothing/here" in receiver.posts[0]["body"]
            _build_and_kill(served, store)
            wait(lambda: "Crashed" in served.states(), _DEAD_SECONDS)
            wait(lambda: len(receiver.posts) == 2, _TOLD_SECONDS)
            assert receiver.posts[1]["subject"].endswith(": Crashed")
            assert "No sign of life" in receiver.posts[1]["body"]
            served.stop(signal.SIGTERM)


def _build_and_kill(served: Served, store: Path) -> None:
    """Start a build on the command line, which waits for the store, and kill it."""
    command = [*COMMAND, "build", str(SEEDS), "--store", str(store)]
    known = {**os.environ, "PREFECT_API_URL": f"{served.url}/api"}
    with subprocess.Popen(command, env=known, cwd=ROOT) as build:
        wait(lambda: "Running" in served.states(), 120)
        time.sleep(5)  # until its first sign of life has arrived
        build.kill()


@pytest.mark.slow
def test_a_run_whose_server_was_killed_is_crashed_by_the_next(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Store(store).locked(lambda: None), Served(tmp_path) as served:
        served.wait()
        served.run({"source": str(SEEDS), "store": str(store)})
        wait(lambda: "Running" in served.states(), 120)
        children = psutil.Process(served.process.pid).children(recursive=True)
        for process in [*children, psutil.Process(served.process.pid)]:
            process.kill()
    with Served(tmp_path) as served:
        served.wait()
        assert served.states() == ["Crashed"]
        served.stop(signal.SIGTERM)
