"""Who may come in: a file of names with hashed secrets. A token is shown once, when it is made, and kept nowhere.

One line a name: `NAME:scrypt:N:R:P:SALT:HASH`, salt and hash in hex. A token begins with the name that it belongs to,
so that one hash is computed for it and not one for each name.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from index.errors import ConfigError, NotFound, UsageError

_N, _R, _P = 2**14, 8, 1
"""Cost of scrypt: 16 MB and about 50 ms. Source: RFC 7914, section 2, and the standard library's limit of 32 MB."""
_SALT_BYTES = 16
_HASH_BYTES = 32
_SECRET_BYTES = 32
_PREFIX = "pq"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_LONGEST_SECRET = 256
_REMEMBERED = 1_000
SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is kept of one secret."""

    salt: bytes
    digest: bytes
    cost: tuple[int, int, int]

    @classmethod
    def of(cls, secret: str) -> _Entry:
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(salt, _digest(secret, salt, (_N, _R, _P)), (_N, _R, _P))

    @classmethod
    def parse(cls, line: str) -> tuple[str, _Entry]:
        """Return name and entry of a line. Raises ValueError."""
        name, kind, n, r, p, salt, digest = line.split(":")
        if kind != "scrypt" or not _NAME.fullmatch(name):
            raise ValueError(line)
        return name, cls(bytes.fromhex(salt), bytes.fromhex(digest), (int(n), int(r), int(p)))

    def line(self, name: str) -> str:
        n, r, p = self.cost
        return f"{name}:scrypt:{n}:{r}:{p}:{self.salt.hex()}:{self.digest.hex()}"

    def fits(self, secret: str) -> bool:
        return hmac.compare_digest(_digest(secret, self.salt, self.cost), self.digest)


_NOBODY = _Entry(bytes(_SALT_BYTES), bytes(_HASH_BYTES), (_N, _R, _P))


class Accounts:
    """The names of a file. The file is read again when it has changed, so that who is taken out is out at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._entries: dict[str, _Entry] = {}
        self._key = secrets.token_bytes(32)
        self._remembered: dict[bytes, str] = {}
        self._load()

    def __len__(self) -> int:
        return len(self._load())

    def owner_of(self, token: str) -> str | None:
        """Return the name that a token belongs to; None when it is wrong. Takes 50 ms the first time."""
        name = token.removeprefix(f"{_PREFIX}_").partition("_")[0]
        return name if token.startswith(f"{_PREFIX}_") and self.accepts(name, token) else None

    def accepts(self, name: str, secret: str) -> bool:
        """Whether this is the secret of that name; also for a page that asks for a name and a password."""
        entries = self._load()
        if len(secret) > _LONGEST_SECRET:
            return False
        if name not in entries:
            _NOBODY.fits(secret)  # takes as long as a wrong secret, so that names cannot be told apart
            return False
        mark = hmac.digest(self._key, f"{name}\0{secret}".encode("utf-8", "surrogatepass"), "sha256")
        if self._remembered.get(mark) == name:
            return True
        if not entries[name].fits(secret):
            return False
        with self._lock:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[mark] = name
        return True

    def stamp(self, name: str) -> bytes | None:
        """Return what changes when a name gets another secret; None when it is not there."""
        entry = self._load().get(name)
        return entry.digest if entry else None

    def _load(self) -> dict[str, _Entry]:
        """Return the entries as the file has them now. Raises NotFound and ConfigError."""
        try:
            found = self._path.stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen == self._seen:
                return self._entries
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise NotFound(
                f"The tokens file {self._path} cannot be read. Make one: pullquote token NAME --file {self._path}"
            ) from None
        entries = _parse(text, self._path)
        with self._lock:
            self._seen, self._entries = seen, entries
            self._remembered.clear()
        return entries


def make_token(path: Path, name: str) -> str:
    """Make a token for a name, in place of the one it has, and return it; the file keeps a hash.

    Raises UsageError for a name that is none, and where the file cannot be written.
    """
    _check_name(name)
    token = f"{_PREFIX}_{name}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    entries = _read(path)
    entries[name] = _Entry.of(token)
    _write(path, entries)
    return token


def make_user(path: Path, name: str, password: str) -> None:
    """Let a name in with a password, in place of what it came in with before; the file keeps a hash.

    Raises UsageError for a name that is none, a password that is too short or long, and a file that cannot be written.
    """
    _check_name(name)
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_SECRET:
        raise UsageError(f"A password has between {SHORTEST_PASSWORD} and {_LONGEST_SECRET} characters.")
    entries = _read(path)
    entries[name] = _Entry.of(password)
    _write(path, entries)


def remove_token(path: Path, name: str) -> None:
    """Take a name out of the file. Raises NotFound."""
    entries = _read(path)
    if name not in entries:
        raise NotFound(f"{path} has no name {name!r}; it has {', '.join(sorted(entries)) or 'none'}.")
    del entries[name]
    _write(path, entries)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name: use small letters, digits and -, at most 32. Example: newsroom-bot")


def _read(path: Path) -> dict[str, _Entry]:
    try:
        return _parse(path.read_text("utf-8"), path)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}). Name another file with --file.") from error


def _parse(text: str, path: Path) -> dict[str, _Entry]:
    entries = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, entry = _Entry.parse(line.strip())
        except ValueError:
            raise ConfigError(
                f"{path}, line {number}, is no name with a hash. Make one: pullquote token NAME --file {path}"
            ) from None
        entries[name] = entry
    return entries


def _write(path: Path, entries: dict[str, _Entry]) -> None:
    """Write the file whole or not at all, for its owner's eyes only."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    text = "".join(f"{entry.line(name)}\n" for name, entry in sorted(entries.items()))
    try:
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Name another file with --file.") from error


def _digest(secret: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(secret.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, dklen=_HASH_BYTES)
