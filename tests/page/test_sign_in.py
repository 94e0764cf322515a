"""Signing in to the page, over HTTP: no door opens without it, and people see their own conversations only."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.http.tokens import Accounts, make_token, make_user, remove_token
from eval.bench.page_server import PageServer, Reader, page_server
from index.errors import UsageError
from tests.assistant.http.http_server import QUESTION

PASSWORD = "correct horse battery"
OTHER = "a staple for everybody"


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users.txt"
    for name, password in (("anna", PASSWORD), ("bert", OTHER), ("carl", PASSWORD)):
        make_user(path, name, password)
    return path


@pytest.fixture(scope="module")
def server(sample_library: Path, tmp_path_factory: pytest.TempPathFactory, users: Path) -> Iterator[PageServer]:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    library = Path(shutil.copytree(sample_library, tmp_path_factory.mktemp("signed") / "library"))
    with page_server(library, "--host", "0.0.0.0", "--users", str(users)) as running:
        yield running


def signed_in(server: PageServer, name: str, password: str) -> Reader:
    reader = Reader(server.url)
    reply = reader.client.post("/sign-in", data={"name": name, "password": password})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    reader.open()
    return reader


def test_page_beyond_loopback_does_not_start_without_sign_in(sample_library: Path, tmp_path: Path) -> None:
    pytest.importorskip("gradio", reason="the extra web is not installed")
    for arguments in (["--host", "0.0.0.0"], ["--host", "::"]):
        with pytest.raises(RuntimeError, match="pullquote user NAME"), page_server(sample_library, *arguments):
            pass


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/config", "/theme.css", "/assets/x.js", "/gradio_api/queue/data?session_hash=x")),
        *(
            ("GET", path)
            for path in ("/gradio_api/file=/etc/passwd", "/gradio_api/info", "/nothing", "/login", "/user")
        ),
        *(("POST", path) for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/cancel", "/login")),
        *(("GET", path) for path in ("/api/articles", "/docs", "/v1/models", "/openapi.json")),
    ],
)
def test_no_door_opens_without_sign_in(server: PageServer, method: str, path: str) -> None:
    reply = httpx.request(method, server.url + path, timeout=30)
    assert reply.status_code == 401
    assert reply.json()["error"]["message"]


def test_who_is_not_signed_in_is_led_to_a_plain_page(server: PageServer) -> None:
    led = httpx.get(f"{server.url}/", timeout=30)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in")
    page = httpx.get(f"{server.url}/sign-in", timeout=30)
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert not any(mark in page.text for mark in ("<script", "http://", "https://", "src="))


def test_unknown_name_and_wrong_password_look_the_same(server: PageServer) -> None:
    replies = [
        httpx.post(f"{server.url}/sign-in", data={"name": name, "password": "wrong password"}, timeout=30)
        for name in ("carl", "nobody", "carl\0", "")
    ]
    assert {reply.status_code for reply in replies} == {401}
    assert len({reply.text for reply in replies}) == 1
    assert not any("set-cookie" in reply.headers and "session" in reply.headers["set-cookie"] for reply in replies)


def test_unknown_name_costs_a_hash_too(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.http import tokens

    hashed: list[bytes] = []
    plain = tokens._digest

    def counted(secret: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
        hashed.append(salt)
        return plain(secret, salt, cost)

    monkeypatch.setattr(tokens, "_digest", counted)
    accounts = Accounts(users)
    assert not accounts.accepts("nobody", "wrong password")
    assert not accounts.accepts("anna", "wrong password")
    assert len(hashed) == 2


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(server: PageServer) -> None:
    reply = httpx.post(f"{server.url}/sign-in", data={"name": "anna", "password": PASSWORD}, timeout=30)
    (cookie,) = [line for line in reply.headers.get_list("set-cookie") if line.startswith("pullquote_session=")]
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    foreign = httpx.post(
        f"{server.url}/sign-in", data={"name": "anna", "password": PASSWORD}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_conversations_belong_to_the_name(server: PageServer) -> None:
    anna, bert = signed_in(server, "anna", PASSWORD), signed_in(server, "bert", OTHER)
    asked = anna.ask(QUESTION)
    assert "30 days" in asked.talk, asked
    assert "30 days" not in str(bert.send("enter", {"to": anna.conversation}))
    bert.send("forget", {"to": anna.conversation, "conversation": ""})
    elsewhere = signed_in(server, "anna", PASSWORD)
    assert "30 days" in str(elsewhere.send("enter", {"to": anna.conversation}))
    for reader in (anna, bert, elsewhere):
        reader.close()


def test_who_signs_out_is_out(server: PageServer) -> None:
    reader = signed_in(server, "anna", PASSWORD)
    cookie = reader.client.cookies["pullquote_session"]
    assert "Sign out" in reader.client.get("/sign-out").text
    assert reader.client.post("/sign-out").status_code == 303
    assert reader.client.get("/config").status_code == 401
    old = httpx.get(f"{server.url}/config", headers={"cookie": f"pullquote_session={cookie}"}, timeout=30)
    assert old.status_code == 401
    reader.close()


def test_new_password_and_removal_end_the_sessions(server: PageServer, users: Path) -> None:
    make_user(users, "dora", PASSWORD)
    first = signed_in(server, "dora", PASSWORD)
    make_user(users, "dora", OTHER)
    assert first.client.get("/config").status_code == 401
    second = signed_in(server, "dora", OTHER)
    remove_token(users, "dora")
    assert second.client.get("/config").status_code == 401
    first.close()
    second.close()


def test_token_of_a_program_in_the_same_file_opens_the_api(server: PageServer, users: Path) -> None:
    token = make_token(users, "bot")
    found = httpx.get(f"{server.url}/api/articles", headers={"authorization": f"Bearer {token}"}, timeout=30)
    assert found.json()["total"] == 16
    remove_token(users, "bot")


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_password_has_to_have_a_length(tmp_path: Path, password: str) -> None:
    with pytest.raises(UsageError, match="between 10 and 256"):
        make_user(tmp_path / "users.txt", "anna", password)


def test_password_is_kept_as_a_hash_for_its_owner_alone(users: Path) -> None:
    assert PASSWORD not in users.read_text("utf-8")
    assert users.stat().st_mode & 0o077 == 0
    same = [line.rpartition(":")[2] for line in users.read_text("utf-8").splitlines() if line[:4] in {"anna", "carl"}]
    assert len(set(same)) == 2  # one password, two salts


def test_guessing_is_slowed_down(server: PageServer) -> None:
    """The last test: it uses up what this address may try."""
    began = time.monotonic()
    given = {"name": "anna", "password": "wrong password"}
    replies = [httpx.post(f"{server.url}/sign-in", data=given, timeout=30) for _ in range(15)]
    if time.monotonic() - began < 25:
        assert replies[-1].status_code == 429
        assert int(replies[-1].headers["retry-after"]) >= 1
