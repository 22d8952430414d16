"""A small HTTP/1.1 server that can also misbehave on the level of bytes and connections."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    """One request, its body read whole."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> object:
        return json.loads(self.body)

    def form(self) -> tuple[dict[str, str], dict[str, tuple[str, bytes, str]]]:
        """Take a multipart body apart into fields and files (name, content, media type)."""
        boundary = self.headers["content-type"].split("boundary=")[1].strip('"').encode()
        fields: dict[str, str] = {}
        files: dict[str, tuple[str, bytes, str]] = {}
        for part in self.body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
            content = content.removesuffix(b"\r\n")
            lines = head.decode().split("\r\n")
            named = {
                key.lower(): value.strip()
                for key, _, value in (line.partition(":") for line in lines)
            }
            parameters = {
                key.strip(): value.strip('"')
                for key, _, value in (
                    one.partition("=") for one in named["content-disposition"].split(";")[1:]
                )
            }
            if "filename" in parameters:
                kind = named.get("content-type", "")
                files[parameters["name"]] = (parameters["filename"], content, kind)
            else:
                fields[parameters["name"]] = content.decode()
        return fields, files


@dataclass
class Response:
    """One answer; `manner` names how it is (not) delivered."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    manner: str = ""

    @classmethod
    def of(cls, content: object, status: int = 200, **headers: str) -> "Response":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(
            status, json.dumps(content).encode(), {"content-type": "application/json", **named}
        )


Handler = Callable[[Request], Awaitable[Response]]


async def serve(handler: Handler, port: int = 0) -> asyncio.Server:
    """Serve on loopback; every connection carries one request."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            if request is not None:
                await _write(writer, await handler(request))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", port, backlog=512)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Request(method, parts.path, query, headers, body)


async def _write(writer: asyncio.StreamWriter, response: Response) -> None:
    if response.manner == "reset":
        # Lingering for no time at all makes closing send a reset instead of a goodbye.
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return
    headers = {"content-length": str(len(response.body)), "connection": "close"}
    headers |= response.headers
    head = f"HTTP/1.1 {response.status} X\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    writer.write(head.encode() + b"\r\n")
    if response.manner == "half":
        writer.write(response.body[: len(response.body) // 2])
        await writer.drain()
        writer.transport.abort()
        return
    if response.manner == "drip":
        for byte in response.body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)
        return
    writer.write(response.body)
    await writer.drain()
