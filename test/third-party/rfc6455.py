"""What a WebSocket server does with every kind of frame, right and wrong, on raw sockets (RFC 6455).

Arguments: a URL, and a file with texts to send first (a login), one a line, where `{random}` stands for what no other
connection has; or `--reference`, which tries the same cases on an echo server made of PyPI's `wsproto`. Prints a JSON list
of {group, case, outcome}. An outcome is what came back, in order: `text`, `pong`, `close <code>`, then `open` if the
connection still answers a ping, or `ended`.
"""

import base64
import concurrent.futures
import json
import os
import socket
import struct
import sys
import threading
import urllib.parse

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONTINUE = 0
PROBE = b"probe"
QUIET_S = 5
LATE_S = 0.3
SIDE_BY_SIDE = 4
LIMIT = 64 * 1024


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
    """One frame. `length`: 7, 16 or 64 bits for the length, also where fewer would do."""
    size = len(payload)
    length = length or (7 if size < 126 else 16 if size < 65536 else 64)
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if length == 7:
        head += bytes([bit | size])
    elif length == 16:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[n % 4] for n, byte in enumerate(payload))


def text_of(size):
    return b'"' + b"x" * (size - 2) + b'"' if size >= 2 else b"x" * size


def closing(code, reason=b""):
    return frame(CLOSE, struct.pack("!H", code) + reason)


def chopped(data):
    return [data[n : n + 1] for n in range(len(data))]


def cases():
    """(group, case, what is sent: a list of pieces, each in a packet of its own)"""
    for size in (0, 1, 125, 126, 127, 128, 65535):
        yield "framing", f"text of {size} bytes", [frame(TEXT, text_of(size))]
    yield "framing", "text in packets of one byte", chopped(frame(TEXT, text_of(20)))
    yield "framing", "three texts in one packet", [frame(TEXT, text_of(9)) * 3]
    yield "framing", "length in more bits than needed", [frame(TEXT, text_of(10), length=16)]
    yield "framing", "length in 64 bits, the highest set", [b"\x81\xff" + b"\xff" * 8 + b"\0" * 4]
    yield "framing", "a frame that is not masked", [frame(TEXT, text_of(9), masked=False)]
    for size in (0, 1, 125):
        yield "ping and pong", f"ping with {size} bytes", [frame(PING, b"p" * size)]
    yield "ping and pong", "ping with 126 bytes", [frame(PING, b"p" * 126)]
    yield "ping and pong", "ten pings in one packet", [b"".join(frame(PING, bytes([n])) for n in range(10))]
    yield "ping and pong", "a pong that nobody asked for", [frame(PONG, b"hello")]
    yield "ping and pong", "ping in packets of one byte", chopped(frame(PING, b"slow"))
    for rsv in (1, 2, 4, 7):
        yield "reserved bits", f"text with reserved bits {rsv:03b}", [frame(TEXT, text_of(9), rsv=rsv)]
    yield "reserved bits", "ping with reserved bits 100", [frame(PING, b"p", rsv=4)]
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield "opcodes", f"reserved opcode {opcode}", [frame(opcode, b"?")]
    start, rest = frame(TEXT, b'"one', fin=False), frame(CONTINUE, b' two"')
    yield "fragmentation", "text in two fragments", [start, rest]
    yield "fragmentation", "text in two fragments, one packet", [start + rest]
    yield "fragmentation", "empty fragments around one", [
        frame(TEXT, fin=False) + frame(CONTINUE, b'"x"', fin=False) + frame(CONTINUE)
    ]
    yield "fragmentation", "ping between fragments", [start + frame(PING, b"between") + rest]
    yield "fragmentation", "text in 200 fragments", [
        frame(TEXT, b'"', fin=False) + frame(CONTINUE, b"x", fin=False) * 198 + frame(CONTINUE, b'"')
    ]
    yield "fragmentation", "continuation of nothing", [rest]
    yield "fragmentation", "new text before the end of one", [start + frame(TEXT, text_of(5))]
    yield "fragmentation", "ping in fragments", [frame(PING, b"p", fin=False) + frame(CONTINUE, b"q")]
    for name, data in (
        ("two, three and four bytes", "ßκ漢字𝄞".encode()),
        ("the last code point", "\U0010ffff".encode()),
    ):
        yield "UTF-8", f"valid: {name}", [frame(TEXT, b'"' + data + b'"')]
    cut = "漢".encode()
    yield "UTF-8", "valid: a character cut by a fragment", [frame(TEXT, cut[:1], fin=False) + frame(CONTINUE, cut[1:])]
    for name, data in (
        ("a lone continuation byte", b"\x80"),
        ("an overlong slash", b"\xc0\xaf"),
        ("a surrogate", b"\xed\xa0\x80"),
        ("above the last code point", b"\xf4\x90\x80\x80"),
        ("a character that is cut off", b"\xe6\xbc"),
        ("byte fe", b"\xfe"),
    ):
        yield "UTF-8", f"invalid: {name}", [frame(TEXT, b'"' + data + b'"')]
    yield "UTF-8", "invalid: in the second fragment", [frame(TEXT, b'"ok', fin=False) + frame(CONTINUE, b'\xff"')]
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999):
        yield "close", f"valid code {code}", [closing(code)]
    yield "close", "no code", [frame(CLOSE)]
    yield "close", "a reason of 123 bytes", [closing(1000, b"r" * 123)]
    yield "close", "a reason of 124 bytes", [closing(1000, b"r" * 124)]
    yield "close", "one byte", [frame(CLOSE, b"\x03")]
    yield "close", "a reason that is not UTF-8", [closing(1000, b"\xff")]
    for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535):
        yield "close", f"invalid code {code}", [closing(code)]
    yield "close", "text after the close", [closing(1000) + frame(TEXT, text_of(9))]
    yield "close", "the connection is cut instead", []
    yield "limits", "text of exactly the limit", [frame(TEXT, text_of(LIMIT))]
    yield "limits", "text just above the limit", [frame(TEXT, text_of(LIMIT + 1))]
    yield "limits", "fragments that add up to just above the limit", [
        frame(TEXT, b"x" * LIMIT, fin=False) + frame(CONTINUE, b"x")
    ]
    yield "limits", "text far above the limit", [frame(TEXT, text_of(3 * LIMIT))]
    yield "limits", "fragments that add up to far above the limit", [
        frame(TEXT, b"x" * LIMIT, fin=False) + frame(CONTINUE, b"x" * 2 * LIMIT)
    ]
    yield "limits", "a head that promises 1 GiB", [b"\x81\xff" + struct.pack("!Q", 2**30) + b"\0" * 4 + b"x"]
    yield "compression", "a compressed text, though none was agreed", [frame(TEXT, b"\xf2H\xcd\xc9\xc9\x07\x00", rsv=4)]


def connect(url):
    where = urllib.parse.urlsplit(url)
    sock = socket.create_connection((where.hostname, where.port), timeout=QUIET_S)
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET {where.path or '/'} HTTP/1.1\r\nHost: {where.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n".encode()
    )
    reader = sock.makefile("rb")
    head = []
    while (line := reader.readline()) not in (b"\r\n", b""):
        head.append(line.decode().strip())
    assert head and " 101 " in head[0], head
    assert not any(line.lower().startswith("sec-websocket-extensions") for line in head), "compression was agreed to"
    return sock, reader


def read_frame(reader):
    head = reader.read(2)
    if len(head) < 2:
        return None
    assert not head[1] & 0x80, "a server does not mask"
    size = head[1] & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", reader.read(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", reader.read(8))
    return head[0] & 0x0F, reader.read(size)


def outcome(url, first, pieces):
    sock, reader = connect(url)
    for text in first:
        sock.sendall(frame(TEXT, text.replace("{random}", os.urandom(8).hex()).encode()))
        read_frame(reader)
    seen, is_open = [], False
    try:
        for piece in pieces:
            sock.sendall(piece)
        if not pieces:
            sock.close()
            return "ended"
        sock.sendall(frame(PING, PROBE))
    except OSError:
        pass
    try:
        while (got := read_frame(reader)) is not None:
            opcode, payload = got
            if opcode == PONG and payload == PROBE:
                # The answer to a text may arrive just after the pong: the engine sends the pong, the application the
                # text.
                is_open = True
                sock.settimeout(LATE_S)
                continue
            if opcode == CLOSE:
                seen.append(f"close {struct.unpack('!H', payload[:2])[0] if payload else 'without a code'}")
                continue
            seen.append({TEXT: "text", BINARY: "binary", PING: "ping", PONG: "pong"}[opcode])
        is_open = False
    except TimeoutError:
        pass
    except OSError:
        is_open = False
    sock.close()
    return ", ".join([*seen, "open" if is_open else "ended"])


def serve_reference():
    """An echo server of wsproto, which decides alone what is an error. Returns its URL."""
    from wsproto import WSConnection, ConnectionType
    from wsproto import events
    from wsproto.utilities import LocalProtocolError, RemoteProtocolError

    def serve(sock):
        ws = WSConnection(ConnectionType.SERVER)
        message, size = "", 0
        try:
            while data := sock.recv(65536):
                ws.receive_data(data)
                for event in ws.events():
                    if isinstance(event, events.Request):
                        sock.sendall(ws.send(events.AcceptConnection()))
                    elif isinstance(event, events.TextMessage):
                        size += len(event.data)
                        if size > LIMIT:
                            sock.sendall(ws.send(events.CloseConnection(code=1009)))
                            return
                        message += event.data
                        if event.message_finished:
                            sock.sendall(ws.send(events.TextMessage(data=message)))
                            message, size = "", 0
                    elif isinstance(event, events.Ping):
                        sock.sendall(ws.send(event.response()))
                    elif isinstance(event, events.CloseConnection):
                        sock.sendall(ws.send(event.response()))
                        return
        except RemoteProtocolError as error:
            if error.event_hint is not None:
                sock.sendall(ws.send(error.event_hint))
        except (LocalProtocolError, OSError):
            pass
        finally:
            try:
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):
                    pass
            except OSError:
                pass
            sock.close()

    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"ws://127.0.0.1:{listener.getsockname()[1]}/"


def main():
    if sys.argv[1] == "--reference":
        url, first = serve_reference(), []
    else:
        url = sys.argv[1]
        with open(sys.argv[2], encoding="utf-8") as lines:
            first = lines.read().splitlines()
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        tried = pool.map(lambda one: {"group": one[0], "case": one[1], "outcome": outcome(url, first, one[2])}, cases())
        json.dump(list(tried), sys.stdout)


main()
