"""Read and write whole objects below an address (`s3://bucket/prefix`), one of them on a condition.

What a remote store needs and no more: an object is written in one request or, if it is large, in
parts that are joined in one, so that a reader sees it whole or not at all.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from tasks.reading.confinement import refuse_outside
from tasks.reading.remote import Unreachable, failures, file_system
from tasks.steps.store import write_atomically

Item = TypeVar("Item")
Done = TypeVar("Done")

#: Requests that run at once: they wait, and take no processor.
_AT_ONCE = 8
#: As many as a request of S3 may delete.
DELETED_AT_ONCE = 1000
#: Protocols whose conditional put is used here. Others of fsspec offer none, or another one.
CONDITIONAL = ("s3", "s3a")
#: How S3 says that a condition did not hold, or that two conditional puts met.
_NOT_HELD = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class UnusableAddress(ValueError):
    """No store can be at an address."""


class Overtaken(RuntimeError):
    """An object is not what it was when it was read: somebody else has written it."""


class _NoObject(LookupError):
    """There is no object of a name."""


class Objects:
    """The objects below an address, by their names from there (`latest.json`)."""

    def __init__(self, address: str) -> None:
        """Take an address.

        Raises:
            UnusableAddress: It has no conditional put, no bucket, or holds credentials.
            NotAllowed: It may not be used (`tasks.reading.confinement`).
        """
        parts = urlsplit(address)
        if parts.username is not None or parts.password is not None:
            raise UnusableAddress(
                "--store: the address holds a name or a password; leave them to the environment "
                "(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"
            )
        if parts.scheme.lower() not in CONDITIONAL or not parts.netloc or parts.query:
            raise UnusableAddress(
                f"--store {address}: a store is a folder or s3://BUCKET/PREFIX; other addresses "
                "have no conditional put that publishes in one step"
            )
        refuse_outside(address, "store")
        self.address = address.rstrip("/")
        with failures(self.address):
            self._system = file_system(self.address)
            self._root = str(self._system._strip_protocol(self.address))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def sizes(self) -> dict[str, int]:
        """Return the sizes in bytes of all objects, by name; none: empty.

        Raises:
            Unreachable: The store does not answer.
        """
        with failures(self.address):
            self._system.invalidate_cache()
            found = self._system.find(self._root, detail=True)
        return {
            str(path).removeprefix(f"{self._root}/"): int(info["size"])
            for path, info in found.items()
        }

    def read(self, name: str) -> bytes | None:
        """Return an object's content; None: there is none of this name.

        Raises:
            Unreachable: The store does not answer.
        """
        with failures(self.address):
            try:
                return bytes(self._system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def tag(self, name: str) -> str | None:
        """Return what the store names an object's content by; None: there is none of this name.

        Raises:
            Unreachable: The store does not answer, or names no content.
        """
        with failures(self.address):
            self._system.invalidate_cache()
            try:
                return str(self._system.info(self._path(name))["ETag"])
            except FileNotFoundError:
                return None

    def download(self, name: str, path: Path) -> bool:
        """Write an object to a file, whole or not at all; False: there is none of this name.

        Raises:
            Unreachable: The store does not answer.
        """

        def fetch(temporary: Path) -> None:
            with failures(self.address):
                try:
                    self._system.get_file(self._path(name), str(temporary))
                    return
                except FileNotFoundError:
                    pass
            raise _NoObject

        try:
            write_atomically(path, fetch)
        except _NoObject:
            return False
        return True

    def upload(self, path: Path, name: str) -> None:
        """Write a file to an object.

        Raises:
            Unreachable: The store does not answer, or does not take it.
        """
        with failures(self.address):
            self._system.put_file(str(path), self._path(name))

    def write(self, name: str, content: bytes) -> None:
        """Write an object.

        Raises:
            Unreachable: The store does not answer, or does not take it.
        """
        with failures(self.address):
            self._system.pipe_file(self._path(name), content)

    def copy(self, name: str, target: str) -> None:
        """Copy an object within the store.

        Raises:
            Unreachable: The store does not answer, or does not take it.
        """
        with failures(self.address):
            self._system.cp_file(self._path(name), self._path(target))

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects, in one request; one that is not there is no error.

        Args:
            names: At most `DELETED_AT_ONCE`; none: nothing is asked for.

        Raises:
            Unreachable: The store does not answer, or does not let this user.
        """
        bucket, prefix = self._bucket_and_prefix()
        keys = [{"Key": f"{prefix}{name}"} for name in names]
        if not keys:
            return
        with failures(self.address):
            deletion = {"Objects": keys, "Quiet": True}
            answer = self._system.call_s3("delete_objects", Bucket=bucket, Delete=deletion)
        for refused in answer.get("Errors", []):
            raise Unreachable(
                f"{self.address}: {refused['Key']} cannot be deleted ({refused.get('Code')}); give "
                "this user the right to delete below the prefix, and run the same command again"
            )

    def forget_unfinished(self) -> None:
        """Have the store forget the parts of large objects that were never joined.

        No reader and no list of objects sees them, but they take space.

        Raises:
            Unreachable: The store does not answer, or does not let this user.
        """
        bucket, prefix = self._bucket_and_prefix()
        with failures(self.address):
            for upload in self._system.list_multipart_uploads(bucket):
                if upload["Key"].startswith(prefix):
                    named = {"Key": upload["Key"], "UploadId": upload["UploadId"]}
                    self._system.call_s3("abort_multipart_upload", Bucket=bucket, **named)

    def _bucket_and_prefix(self) -> tuple[str, str]:
        bucket, _, prefix = self._root.partition("/")
        return bucket, f"{prefix}/" if prefix else ""

    def write_if(self, name: str, content: bytes, tag: str | None) -> None:
        """Write an object if it is still what it was when its tag was asked for.

        Args:
            name: Its name.
            content: What it becomes.
            tag: As of `tag`; None: it did not exist.

        Raises:
            Overtaken: It is not.
            Unreachable: The store does not answer, or does not take it.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        with failures(self.address):
            try:
                self._system.pipe_file(self._path(name), content, **condition)
                return
            except Exception as error:
                if not _is_not_held(error):
                    raise
        # An answer that was lost is asked for again, and then it was oneself who came first.
        if self.read(name) != content:
            raise Overtaken(f"{self.address}/{name} was written by somebody else meanwhile")

    def refuse_unconditional(self, name: str) -> None:
        """Make sure that the store keeps to conditions: not all that speak S3 do.

        Args:
            name: An object that is there and never changes.

        Raises:
            UnusableAddress: It has written where it was told not to (the same content).
        """
        content = self.read(name) or b""
        for condition in ({"IfNoneMatch": "*"}, {"IfMatch": f'"{"0" * 32}"'}):
            with failures(self.address):
                try:
                    self._system.pipe_file(self._path(name), content, **condition)
                except Exception as error:
                    if _is_not_held(error):
                        continue
                    raise
            raise UnusableAddress(
                f"--store {self.address}: this store overlooks the condition of a put "
                f"({next(iter(condition))}), so that two builds could overwrite each other's "
                "releases; use one that keeps to it (docs/object-store.md)"
            )


def at_once(work: Callable[[Item], Done], items: Sequence[Item]) -> list[Done]:
    """Return what comes of work for each item, several at once; the first error ends it."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, items))


def _is_not_held(error: BaseException | None) -> bool:
    """Whether an error, or what led to it, says that the condition of a put did not hold."""
    while error is not None:
        if isinstance(error, FileExistsError | FileNotFoundError):
            return True
        response = getattr(error, "response", None) or {}
        if response.get("Error", {}).get("Code") in _NOT_HELD:
            return True
        error = error.__cause__ or error.__context__
    return False
