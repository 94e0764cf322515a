"""What a hostile client sends, by name, and what has to come of it: refused in a line, or shown as text."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import docx
import httpx

from eval.bench.page_server import PageServer, Reader
from tests.assistant.http.http_server import QUESTION

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
LIVE = re.compile(r"<script|<img|<svg on|<iframe|javascript:", re.IGNORECASE)
PARENTS = "../../../../../../etc/passwd"
MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000


@dataclass
class At:
    """The two servers: a page that is open on this machine, and one that people sign in to; a reader of the first."""

    page: PageServer
    locked: PageServer
    reader: Reader
    uploads: Path
    """Where uploads wait, of the first."""
    outside: list[str]
    """What somebody outside was asked for: the server must fetch nothing."""
    outside_url: str

    def send(self, method: str, path: str, *, url: str = "", **more: Any) -> httpx.Response:
        """Send a request; wait where too many came, as a guest would."""
        for _ in range(40):
            with httpx.Client(base_url=url or self.page.url, timeout=60, verify=False) as client:
                reply = client.request(method, path, **more)
            if reply.status_code != 429:
                break
            time.sleep(0.5)
        assert reply.status_code < 500 or reply.status_code == 507, f"{reply.status_code} {reply.text[:300]}"
        assert "Traceback" not in reply.text
        return reply

    def refused(self, method: str, path: str, *, url: str = "", **more: Any) -> httpx.Response:
        """Send a request that is to be refused."""
        reply = self.send(method, path, url=url, **more)
        assert 400 <= reply.status_code < 500, f"{reply.status_code} {reply.text[:300]}"
        assert "root:" not in reply.text
        return reply

    def raw(self, sent: bytes, *, half: bool = True) -> bytes:
        """Send bytes over a bare connection; return what comes back until the server closes."""
        place = urlsplit(self.page.url)
        came = b""
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=40) as connection:
            try:
                connection.sendall(sent)
                if half:
                    connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    came += piece
            except OSError:
                pass
        return came

    def upload(self, *files: tuple[str, bytes]) -> str:
        """Upload files as the page does; return what it then shows of them."""
        parts = [("files", (name, content)) for name, content in files]
        reply = self.send("POST", "/gradio_api/upload", files=parts)
        if reply.status_code != 200:
            return reply.text
        return self.take([{"path": path, "meta": {"_type": "gradio.FileData"}} for path in reply.json()])

    def take(self, data: list[dict[str, Any]]) -> str:
        """Have uploads taken into the collection; return what the page shows."""
        shown = ""
        for message in self.reader.events("upload", None, data=[data]):
            values = (message.get("output") or {}).get("data") or [""]
            shown += json.dumps(values[0], ensure_ascii=False)
        assert not LIVE.search(shown), shown
        return shown

    def waiting_bytes(self) -> int:
        """Return how much of uploads lies on the disk."""
        return sum(file.stat().st_size for file in self.uploads.rglob("*") if file.is_file())


def escaped(html: object) -> None:
    """Check that nothing in a piece of the page has come alive."""
    assert not LIVE.search(str(html)), html


# --- in texts


def script_in_a_question(at: At) -> None:
    for words in (SCRIPT, IMAGE, "${alert(1)}{{7*7}}`"):
        asked = at.send("POST", "/api/ask", json={"question": words})
        assert asked.headers["content-type"] == "application/json"
        escaped(at.reader.ask(words).talk)


def script_in_a_question_of_a_chat(at: At) -> None:
    reply = at.send("POST", "/v1/chat/completions", json={"messages": [{"role": "user", "content": SCRIPT}]})
    assert reply.headers["content-type"] == "application/json"


def script_in_an_outlet(at: At) -> None:
    at.send("GET", "/api/search", params={"q": "strikes", "outlet": SCRIPT})
    escaped(at.reader.send("browse", {"words": SCRIPT, "outlet": IMAGE}))
    escaped(at.reader.send("browse", {"words": "", "since": SCRIPT}))


def script_in_the_name_of_a_conversation(at: At) -> None:
    made = at.send("POST", "/api/conversations", json={"name": SCRIPT}).json()["id"]
    exported = at.send("GET", f"/api/conversations/{made}/export", params={"format": "html"})
    assert exported.headers["content-disposition"].startswith("attachment")
    escaped(exported.text.partition("<body")[2])


def script_in_an_article(at: At) -> None:
    text = (
        f'---\ntitle: "Zebra {IMAGE}"\noutlet: "{SCRIPT}"\nurl: "javascript:alert(1)"\n---\n'
        f"The zebra committee counted 812 stripes {SCRIPT} on Monday.\n"
    )
    assert "is in" in at.upload(("zebra.md", text.encode()))
    escaped(at.reader.send("browse", {"words": "zebra"}))
    escaped(at.reader.send("cite", {"article": "zebra", "paragraph": "1"}))
    answer = at.reader.ask("How many stripes did the zebra committee count?")
    assert "812" in answer.talk
    escaped(answer.talk)


def script_in_a_web_page(at: At) -> None:
    body = "".join(
        f"<p>The otter council of Ruritania met {n} times {SCRIPT} in May, it said on Monday.</p>" for n in range(9)
    )
    at.upload(("otter.html", f"<html><head><title>{SCRIPT}Otters</title></head><body>{body}</body></html>".encode()))
    escaped(at.reader.send("browse", {"words": "otter"}))
    escaped(at.reader.send("cite", {"article": "otter", "paragraph": "1"}))


def script_in_a_file_name(at: At) -> None:
    escaped(at.upload((f"{IMAGE}{SCRIPT}.md", b"A wombat counted 3 stones.\n")))
    escaped(at.reader.send("browse", {"words": "wombat"}))


def entities_that_name_files(at: At) -> None:
    page = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><p>&e;</p></body></html>'
    assert "root:" not in at.upload(("entity.html", page.encode()))
    assert "root:" not in str(at.reader.send("browse", {"words": "root:"}))


# --- in ids and names


def parents_in_the_id_of_an_article(at: At) -> None:
    for name in (PARENTS, "/etc/passwd", "..\\..\\x", "library.db", "file:///etc/passwd", "x\0y", "a" * 5_000):
        at.refused("GET", f"/api/articles/{quote(name, safe='')}")


def parents_in_the_id_of_a_conversation(at: At) -> None:
    for name in (PARENTS, "conversations.db", "x\0", "' OR '1'='1"):
        at.refused("DELETE", f"/api/conversations/{quote(name, safe='')}")
        at.refused("POST", "/api/ask", json={"question": "What?", "conversation": name})


def parents_in_what_the_page_sends(at: At) -> None:
    for name in (PARENTS, "/etc/passwd", "x\0", "'; DROP TABLE turn; --"):
        for event, sent in (
            ("cite", {"article": name, "paragraph": name, "start": "9" * 40}),
            ("enter", {"to": name}),
            ("forget", {"to": name, "conversation": name}),
            ("take", {"conversation": name, "turn": "1", "format": PARENTS}),
            ("rate", {"conversation": name, "turn": "-1", "thumb": "7"}),
            ("remove", {"article": name}),
        ):
            shown = str(at.reader.send(event, sent))
            assert "root:" not in shown
            escaped(shown)


def files_of_the_server_by_gradios_door(at: At) -> None:
    for place in ("/etc/passwd", f"..%2f{PARENTS}", "library.db", "%00", "C:\\x", "\\\\host\\share", str(at.uploads)):
        for door in ("/gradio_api/file=", "/file=", "/gradio_api/file/", "/static/", "/assets/", "/svelte/"):
            at.refused("GET", door + quote(place, safe="/%"))


def other_sites_by_gradios_door(at: At) -> None:
    for door in ("/gradio_api/file=", "/gradio_api/proxy=", "/proxy="):
        at.refused("GET", f"{door}{at.outside_url}/secret")


def doors_of_gradio_that_the_page_does_not_use(at: At) -> None:
    for door in ("monitoring", "gradio_api/info", "gradio_api/vibe-code/", "dev/reload", "gradio_api/app_id", "runs"):
        at.refused("GET", f"/{door}")
    for door in ("gradio_api/run/ask", "gradio_api/api/ask", "gradio_api/call/ask", "login", "gradio_api/vibe-edit/"):
        at.refused("POST", f"/{door}", json={"data": []})


def parents_in_the_name_of_an_upload(at: At) -> None:
    for name in (f"../../{PARENTS}.md", "/etc/cron.d/evil.md", "..\\..\\evil.md", "x\0.md", ".md", "…" * 300 + ".md"):
        escaped(at.upload((name, b"The badger of Ruritania counted 5 holes.\n")))
    assert not Path("/etc/cron.d/evil.md").exists()


def files_of_the_server_as_uploads(at: At) -> None:
    for path in ("/etc/passwd", "/etc/hostname", f"{at.uploads}/../x.md", PARENTS):
        shown = at.take([{"path": path, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}])
        assert "is in" not in shown


def other_sites_as_uploads(at: At) -> None:
    for key in ("path", "url"):
        at.take([{"path": "x.md", key: f"{at.outside_url}/x.md", "meta": {"_type": "gradio.FileData"}}])


# --- too much


def two_gigabytes_announced(at: At) -> None:
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {urlsplit(at.page.url).netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {2 * GIGABYTE}\r\n\r\n"
    )
    began = time.monotonic()
    assert b" 413 " in at.raw(head.encode() + b"x" * 1000, half=False).split(b"\r\n")[0]
    assert time.monotonic() - began < 20
    assert at.waiting_bytes() < MEGABYTE


def two_gigabytes_in_pieces(at: At) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
        while sent < 2 * GIGABYTE:
            sent += MEGABYTE
            yield b"x" * MEGABYTE

    before = at.page.peak_bytes
    with httpx.Client(base_url=at.page.url, timeout=90) as client:
        kind = {"content-type": "multipart/form-data; boundary=b"}
        with contextlib.suppress(httpx.HTTPError):  # that the line is cut is an answer, too
            assert client.post("/gradio_api/upload", content=pieces(), headers=kind).status_code == 413
    assert sent < 150 * MEGABYTE, sent
    assert at.waiting_bytes() < 30 * MEGABYTE
    assert at.page.peak_bytes - before < 150 * MEGABYTE


def two_gigabytes_for_the_api(at: At) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        while sent < 2 * GIGABYTE:
            sent += MEGABYTE
            yield b"x" * MEGABYTE

    with httpx.Client(base_url=at.page.url, timeout=90) as client, contextlib.suppress(httpx.HTTPError):
        assert client.post("/api/ask", content=pieces()).status_code == 413
    assert sent < 150 * MEGABYTE, sent


def upload_that_breaks_off(at: At) -> None:
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {urlsplit(at.page.url).netloc}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="half.txt"\r\n\r\n'
    )
    at.raw(head.encode() + b"x" * 1000)


def hundreds_of_files_at_once(at: At) -> None:
    assert "too many at once" in at.upload(*((f"{n}.md", b"x") for n in range(201)))


def word_file_that_unpacks_to_a_gigabyte(at: At) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as entry:
        for _ in range(300):
            entry.write(bytes(MEGABYTE))
    assert "unpacks to" in at.upload(("bomb.docx", packed.getvalue()))


def word_file_of_a_million_paragraphs(at: At) -> None:
    plain, packed = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, old.read(name).replace(b"<w:sectPr", b"<w:p/>" * 1_000_000 + b"<w:sectPr"))
    assert "paragraphs: split it" in at.upload(("million.docx", packed.getvalue()))


def archives_under_other_names(at: At) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", bytes(100 * MEGABYTE))
    for name in ("bomb.md", "bomb.txt", "bomb.csv", "bomb.json"):
        assert "is a ZIP archive" in at.upload((name, packed.getvalue()))
    assert "is a gzip archive" in at.upload(("page.html", gzip.compress(bytes(50 * MEGABYTE))))
    assert "are not read" in at.upload(("bomb.zip", packed.getvalue()))


def pictures_and_programs_under_other_names(at: At) -> None:
    assert "is a PNG picture" in at.upload(("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100)))
    assert "is a Linux program" in at.upload(("a.md", b"\x7fELF\x02\x01\x01" + bytes(100)))
    assert "binary file" in at.upload(("a.html", bytes(range(256)) * 10))
    assert "is a Windows program" in at.upload(("a.pdf", b"MZ\x90\0" + bytes(100)))


def article_over_the_size_limit(at: At) -> None:
    assert "exceeded" in at.upload(("large.txt", b"words " * 5 * MEGABYTE))


def yaml_that_grows(at: At) -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefghi", "bcdefghij", strict=True)]
    assert "front matter" in at.upload(
        ("laugh.md", ("---\n" + "\n".join(lines) + "\ntitle: *j\n---\nText.\n").encode())
    )


def json_as_deep_as_a_well(at: At) -> None:
    assert "damaged" in at.upload(("deep.json", b"[" * 200_000))
    body = b'{"question": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    at.refused("POST", "/api/ask", content=body, headers={"content-type": "application/json"})
    at.refused("POST", "/gradio_api/queue/join", content=body, headers={"content-type": "application/json"})


def line_that_never_ends(at: At) -> None:
    began = time.monotonic()
    for name, text in (("mr.txt", "Mr. " * 60_000), ("parens.md", "(" * 300_000), ("marks.md", "[a](" * 50_000)):
        escaped(at.upload((name, text.encode())))
    assert time.monotonic() - began < 60


def question_that_never_ends(at: At) -> None:
    for words in (
        "a" * 4_000,
        "(a+)+$ " * 500,
        "! " * 2_000,
        "1," * 2_000,
        "Mr. " * 1_000,
        '"' * 4_000,
        "who " * 1_000,
    ):
        at.send("POST", "/api/ask", json={"question": words[:4_000]})
    at.refused("POST", "/api/ask", json={"question": "a" * 4_001})
    escaped(at.reader.ask("a" * 100_000).talk)


# --- broken lines


def stream_that_nobody_reads_to_the_end(at: At) -> None:
    with httpx.Client(base_url=at.page.url, timeout=60) as client:
        for _ in range(5):
            body = {"question": QUESTION, "stream": True}
            with client.stream("POST", "/api/ask", json=body) as reply:
                next(reply.iter_lines(), None)


def streams_that_are_left_open(at: At) -> None:
    place = urlsplit(at.page.url)
    held = []
    for number in range(100):
        connection = socket.create_connection((place.hostname or "", place.port or 0), timeout=20)
        path = f"/gradio_api/queue/data?session_hash=ghost{number}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        held.append(connection)
    assert at.send("GET", "/healthz").status_code == 200
    for connection in held:
        connection.close()


def connections_that_stay_silent(at: At) -> None:
    place = urlsplit(at.page.url)
    silent = [socket.create_connection((place.hostname or "", place.port or 0), timeout=40) for _ in range(60)]
    for connection in silent:
        connection.sendall(b"GET / HT")
    assert at.send("GET", "/healthz").status_code == 200
    assert silent[0].recv(1000) == b""
    for connection in silent:
        connection.close()


def bytes_that_are_no_http(at: At) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 10_000,
        b"GET\r\n\r\n",
        b"SSH-2.0-x\r\n",
        b"\xff" * 999,
    ):
        assert b" 200 " not in at.raw(sent)


def flood_of_headers(at: At) -> None:
    head = f"GET /healthz HTTP/1.1\r\nHost: {urlsplit(at.page.url).netloc}\r\n".encode()
    at.raw(head + b"X-A: " + b"a" * 2_000_000 + b"\r\n\r\n")
    at.raw(head + b"".join(b"X-%d: a\r\n" % n for n in range(50_000)) + b"\r\n")


def body_that_does_not_come(at: At) -> None:
    head = f"POST /api/ask HTTP/1.1\r\nHost: {urlsplit(at.page.url).netloc}\r\nContent-Type: application/json\r\n"
    for length in ("100", "-5", "99999999999999999999", "0x10", "1, 2"):
        at.raw(f"{head}Content-Length: {length}\r\n\r\n{{".encode())


def two_requests_in_one(at: At) -> None:
    host = urlsplit(at.page.url).netloc
    both = f"POST /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    at.raw(f"{both}DELETE /api/conversations/x HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode())
    at.raw(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: a\rSet-Cookie: x\r\n\r\n".encode())


def upgrade_to_a_websocket(at: At) -> None:
    head = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    reply = at.send("GET", "/gradio_api/queue/join", headers={**head, "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="})
    assert reply.status_code != 101


# --- who


def wrong_tokens(at: At) -> None:
    for token in ("x", "pq_", "pq_anna_", "pq_anna_x", "pq_" + "x" * 60_000, "anna", "' OR 1=1 --"):
        at.refused("GET", "/api/articles", url=at.locked.url, headers={"authorization": f"Bearer {token}"})
    for line in (b"Bearer \xff\xfe", b"Basic YW5uYTp4", "Bearer ü".encode(), b"Bearer", b"bearer\tpq_anna_x"):
        at.refused("GET", "/api/articles", url=at.locked.url, headers={b"authorization": line})


def forged_cookies(at: At) -> None:
    for value in ("x", "../../x", "a" * 5_000, "%00", "admin", "null"):
        reply = at.send("GET", "/", url=at.locked.url, headers={"cookie": f"pullquote_session={value}"})
        assert reply.status_code == 303
        at.refused(
            "GET", "/config", url=at.locked.url, headers={"cookie": f"access-token-x={value}; pullquote_session="}
        )
    at.send("GET", "/", headers={"cookie": 'pullquote_reader="\\"; a=b; ===;;; \x01'})


def wrong_passwords(at: At) -> None:
    for name, password in (("anna", "wrong"), ("' OR 1=1 --", "x"), (SCRIPT, SCRIPT), ("", ""), ("x\0", "a" * 3_000)):
        reply = at.refused("POST", "/sign-in", url=at.locked.url, data={"name": name, "password": password})
        escaped(reply.text)
    at.refused("POST", "/sign-in", url=at.locked.url, content=b"\xff" * 100_000)


def another_name_for_this_server(at: At) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "[::bad", "", "a" * 3_000):
        for path in ("/", "/api/articles", "/gradio_api/upload"):
            assert at.refused("GET", path, headers={"host": host}).status_code in {400, 421}


def pages_of_other_sites(at: At) -> None:
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        for path in ("/api/ask", "/mcp", "/v1/chat/completions", "/gradio_api/queue/join", "/gradio_api/upload"):
            reply = at.refused("POST", path, headers=headers, json={"question": "x"})
            assert reply.status_code == 403
            assert "access-control-allow-origin" not in reply.headers


def conversations_of_others(at: At) -> None:
    stranger = Reader(at.page.url)
    stranger.open()
    for event, sent in (
        ("enter", {"to": at.reader.conversation}),
        ("forget", {"to": at.reader.conversation, "conversation": ""}),
        ("take", {"conversation": at.reader.conversation, "turn": "1", "format": "md"}),
        ("rate", {"conversation": at.reader.conversation, "turn": "1", "thumb": "-1"}),
    ):
        assert "energy" not in str(stranger.send(event, sent)).partition("samples")[0]
    stranger.close()
    at.refused("GET", f"/api/conversations/{at.reader.conversation}")


# --- tricks


def sql_in_everything(at: At) -> None:
    for words in ("'; DROP TABLE article; --", '" OR 1=1 --', "%' UNION SELECT * FROM sqlite_master --", "x'\0--"):
        at.send("POST", "/api/ask", json={"question": words, "filters": {"outlets": [words], "articles": [words]}})
        at.send("GET", "/api/articles", params={"q": words, "outlet": words})
        at.send("GET", "/api/conversations", params={"q": words})
        escaped(at.reader.send("browse", {"words": words, "outlet": words}))


def syntax_of_searches(at: At) -> None:
    for words in (
        "title:* AND (((",
        "text:[* TO *]",
        "NEAR(a b, 99999999999)",
        "*",
        "a~99",
        "+-+-",
        "/.*/",
        "{{}}",
        '"" ""',
    ):
        at.send("GET", "/api/search", params={"q": words})
        at.send("POST", "/api/ask", json={"question": words})


def numbers_beyond_all_bounds(at: At) -> None:
    for number in ("99999999999999999999", "-1", "1e400", "NaN", "Infinity", "0x7f", "٣"):
        at.send("GET", "/api/search", params={"q": "x", "count": number})
        at.refused("GET", "/api/articles/sample-wire-call", params={"revision": number + "x"})
        body = f'{{"question": "What?", "filters": {{"since": {number if number[0] not in "N٣I0" else "NaN"}}}}}'
        at.refused("POST", "/api/ask", content=body.encode(), headers={"content-type": "application/json"})


def dates_that_are_none(at: At) -> None:
    for day in ("0000-00-00", "2025-02-30", "99999-01-01", "yesterday", "-1", "'"):
        at.refused("POST", "/api/ask", json={"question": "What?", "filters": {"since": day}})
        escaped(at.reader.send("browse", {"words": "", "since": day, "until": day}))


def bytes_that_are_no_text(at: At) -> None:
    for body in (b"\xff\xfe\x00", b'{"question": "\xed\xa0\x80"}', b'{"question": "\xc3\x28"}', b"\0" * 100):
        at.refused("POST", "/api/ask", content=body, headers={"content-type": "application/json"})
    at.send("GET", "/api/search?q=%ff%fe%00")


def halves_of_characters(at: At) -> None:
    body = b'{"question": "What \\ud800 was agreed \\udfff?"}'
    at.send("POST", "/api/ask", content=body, headers={"content-type": "application/json"})
    escaped(at.reader.ask("What \ufffe was \u0000 agreed?").talk)


def characters_that_hide(at: At) -> None:
    words = "What\u202e was\u2066 agreed\x1b[2J \x07\u200b?"
    asked = at.send("POST", "/api/ask", json={"question": words})
    assert asked.text.isascii()
    shown = at.reader.ask(words).talk
    assert not set(shown) & set("\u202e\u2066\x1b\x07")


def keys_given_twice(at: At) -> None:
    body = b'{"question": "What was agreed?", "question": ["x"], "stream": false}'
    at.refused("POST", "/api/ask", content=body, headers={"content-type": "application/json"})
    at.refused(
        "POST", "/api/ask", content=b'{"__proto__": {}, "question": "x"}', headers={"content-type": "application/json"}
    )


def bodies_of_another_kind(at: At) -> None:
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "x" * 1_000, ""):
        at.refused("POST", "/api/ask", content=b"<x/>", headers={"content-type": kind})
        at.refused("POST", "/gradio_api/upload", content=b"<x/>", headers={"content-type": kind})


def paths_that_confuse(at: At) -> None:
    host = urlsplit(at.page.url).netloc
    for path in (
        *("//api/articles", "/api//articles", "/api/../api", "/%2e%2e/%2e%2e/etc/passwd", "/api%2farticles"),
        *("/./api/ask", "/API/articles", "/api/articles;x", "/healthz/..", "/;/api", "/gradio_api/../api"),
    ):
        came = at.raw(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode(), half=False)
        assert b"root:" not in came
        assert came.split(b" ")[1][:1] in {b"2", b"3", b"4"}


def methods_that_nobody_uses(at: At) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND", "PUT", "XYZZY"):
        at.refused(method, "/api/ask")


def tools_that_are_none(at: At) -> None:
    headers = {"accept": "application/json, text/event-stream"}
    for name, arguments in (
        ("read_article", {"article": PARENTS}),
        ("read_article", {"article": "x\0", "revision": 10**30}),
        ("ask", {"question": ["x"]}),
        ("search", {"query": SCRIPT, "count": -1}),
        ("__import__", {}),
    ):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        assert "root:" not in at.send("POST", "/mcp", json=call, headers=headers).text
    for body in ([], [[]], "x", {"jsonrpc": "9"}, None):
        at.refused("POST", "/mcp", json=body, headers=headers)


def chats_of_the_wrong_shape(at: At) -> None:
    for messages in (
        [],
        [{"role": "system", "content": "Say yes."}],
        [{"role": "user", "content": [{"type": "text", "text": {"a": 1}}]}],
        [{"role": "tool", "content": SCRIPT}],
        [{"role": "user", "content": 7}],
    ):
        at.refused("POST", "/v1/chat/completions", json={"messages": messages})
    many = [{"role": "user", "content": "x"}] * 20_000
    at.send("POST", "/v1/chat/completions", json={"messages": many})


def events_that_the_page_has_not(at: At) -> None:
    for number in (-1, 10**6, None, "x", 3.5):
        sent = {"data": [], "fn_index": number, "session_hash": "h"}
        assert "Traceback" not in httpx.post(f"{at.page.url}/gradio_api/queue/join", json=sent, timeout=30).text
    for sent in ({"question": {"a": ["b"]}}, {"question": None}, {}, {"question": "x" * 500_000}):
        escaped(at.reader.send("ask", sent))


HOSTILE: list[Callable[[At], None]] = [
    script_in_a_question, script_in_a_question_of_a_chat, script_in_an_outlet, script_in_the_name_of_a_conversation,
    script_in_an_article, script_in_a_web_page, script_in_a_file_name, entities_that_name_files,
    parents_in_the_id_of_an_article, parents_in_the_id_of_a_conversation, parents_in_what_the_page_sends,
    files_of_the_server_by_gradios_door, other_sites_by_gradios_door, doors_of_gradio_that_the_page_does_not_use,
    parents_in_the_name_of_an_upload, files_of_the_server_as_uploads, other_sites_as_uploads, two_gigabytes_announced,
    two_gigabytes_in_pieces, two_gigabytes_for_the_api, upload_that_breaks_off, hundreds_of_files_at_once,
    word_file_that_unpacks_to_a_gigabyte, word_file_of_a_million_paragraphs, archives_under_other_names,
    pictures_and_programs_under_other_names, article_over_the_size_limit, yaml_that_grows, json_as_deep_as_a_well,
    line_that_never_ends, question_that_never_ends, stream_that_nobody_reads_to_the_end, streams_that_are_left_open,
    connections_that_stay_silent, bytes_that_are_no_http, flood_of_headers, body_that_does_not_come,
    two_requests_in_one, upgrade_to_a_websocket, wrong_tokens, forged_cookies, wrong_passwords,
    another_name_for_this_server, pages_of_other_sites, conversations_of_others, sql_in_everything, syntax_of_searches,
    numbers_beyond_all_bounds, dates_that_are_none, bytes_that_are_no_text, halves_of_characters, characters_that_hide,
    keys_given_twice, bodies_of_another_kind, paths_that_confuse, methods_that_nobody_uses, tools_that_are_none,
    chats_of_the_wrong_shape, events_that_the_page_has_not,
]  # fmt: skip
"""The list."""
