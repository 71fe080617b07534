"""A conversation carried by a client that Chasqui did not write: Python's `websockets`, in plain frames.

Argument: a JSON file {"nodes": [ws, ws], "api": url, "tokens": {"alice": jwt, "bob": jwt}, "texts": [...]}.
Alice is on the first node, Bob on the second. Alice sends every text in order, several in flight; Bob is away for the
middle third and comes back as the same device. Prints one JSON object: what each of them saw.
"""

import asyncio
import json
import sys
import urllib.parse
import urllib.request

import websockets

IN_FLIGHT = 16


async def login(url, token, device):
    socket = await websockets.connect(url, max_size=None)
    await socket.send(json.dumps({"type": "login", "token": token, "deviceId": device}))
    answer = json.loads(await socket.recv())
    assert answer["type"] == "login_ok", answer
    return socket


class Bob:
    """Receives, acks, syncs; keeps every message once, by the id under which it is stored."""

    def __init__(self, url, token):
        self.url, self.token = url, token
        self.position, self.seen, self.order, self.twice = 0, {}, [], 0
        self.updates = {}

    async def online(self):
        self.socket = await login(self.url, self.token, "bob-phone")
        self.caught_up = asyncio.Event()
        self.reader = asyncio.create_task(self.read())
        # A message sent while a device still syncs is pushed at once and may arrive before older ones: a client sorts
        # by id. This test checks the order of arrival, so nothing is sent meanwhile.
        await self.sync()
        await asyncio.wait_for(self.caught_up.wait(), 30)

    async def offline(self):
        await self.socket.close()
        await asyncio.gather(self.reader, return_exceptions=True)

    async def sync(self):
        self.caught_up.clear()
        await self.socket.send(json.dumps({"type": "sync_offline_messages", "position": self.position}))

    def take(self, chat):
        if chat["messageId"] in self.seen:
            return
        self.seen[chat["messageId"]] = chat["content"]["text"]
        self.order.append(chat["messageId"])

    async def read(self):
        try:
            async for text in self.socket:
                await self.frame(json.loads(text))
        except websockets.ConnectionClosed:
            pass

    async def frame(self, frame):
        kind = frame["type"]
        if kind == "chat":
            self.take(frame)
            await self.ack([frame["messageId"]], frame["conversationId"])
        elif kind in ("stored", "receipt", "read", "recall"):
            await self.placed(frame.get("position", 0), frame)
        elif kind == "offline_messages":
            for update in frame["updates"]:
                assert update["position"] == self.position + 1, ("a gap", self.position, update)
                self.position = update["position"]
                if update["type"] == "chat" and update["from"] != "bob":
                    self.take(update)
            await self.socket.send(json.dumps({"type": "confirm_messages_synced", "position": self.position}))
            if frame["caughtUp"]:
                self.caught_up.set()
            else:
                await asyncio.sleep(0.02)
                await self.sync()
        elif kind == "sync_needed":
            await self.sync()

    async def placed(self, position, frame):
        known = frame["type"] != "stored" or frame["messageId"] in self.seen
        if position == self.position + 1 and known:
            self.position = position
        elif position > self.position:
            await self.sync()

    async def ack(self, ids, conversation):
        await self.socket.send(
            json.dumps({"type": "ack", "state": "delivered", "conversationId": conversation, "messageIds": ids})
        )


class Alice:
    """Sends in order with a window, and follows each message to `stored` and to its receipts."""

    def __init__(self):
        self.queued, self.stored, self.receipts, self.errors = {}, {}, {}, []
        self.window = asyncio.Semaphore(IN_FLIGHT)

    async def online(self, url, token):
        self.socket = await login(url, token, "alice-laptop")
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        async for text in self.socket:
            frame = json.loads(text)
            if frame["type"] == "send_ack":
                self.queued[frame["clientMessageId"]] = frame["messageId"]
            elif frame["type"] == "server_ack":
                self.stored[frame["clientMessageId"]] = frame["messageId"]
                self.window.release()
            elif frame["type"] == "receipt":
                for message_id in frame.get("messageIds", []):
                    self.receipts.setdefault(message_id, []).append(frame["state"])
            elif frame["type"] == "error":
                self.errors.append(frame)

    async def send(self, number, text):
        await self.window.acquire()
        await self.socket.send(
            json.dumps({"type": "chat", "clientMessageId": f"f-{number}", "to": "bob", "content": {"text": text}})
        )


def get(api, token, path):
    request = urllib.request.Request(api + path, headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


async def until(condition, seconds, what):
    for _ in range(int(seconds * 50)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    texts, tokens = setup["texts"], setup["tokens"]
    alice, bob = Alice(), Bob(setup["nodes"][1], tokens["bob"])
    await alice.online(setup["nodes"][0], tokens["alice"])
    await bob.online()
    third = len(texts) // 3
    for number, text in enumerate(texts):
        if number == third:
            await until(lambda: len(alice.stored) >= third, 60, "the first third is stored")
            await bob.offline()
        if number == 2 * third:
            await until(lambda: len(alice.stored) >= 2 * third, 60, "the second third is stored")
            await bob.online()
        await alice.send(number, text)
    await until(lambda: len(alice.stored) == len(texts), 60, "everything is stored")
    await until(lambda: len(bob.order) >= len(texts), 30, "everything has arrived")
    await until(lambda: all("delivered" in states for states in receipts(alice)), 30, "every receipt has come")
    await asyncio.sleep(0.5)
    history, before = [], ""
    conversation = "alice~bob"
    while True:
        page = get(setup["api"], tokens["bob"], f"/api/conversations/{conversation}/messages?limit=100{before}")
        history += [message["content"]["text"] for message in page["messages"]]
        if "nextBefore" not in page:
            break
        before = "&before=" + page["nextBefore"]
    found = {}
    for word in setup["words"]:
        query = urllib.parse.urlencode({"q": word, "limit": 100})
        wanted = min(100, sum(word in text for text in setup["texts"]))
        # A message is found within 5 s of its storing (C13).
        for _ in range(50):
            hits = get(setup["api"], tokens["bob"], f"/api/messages/search?{query}")["hits"]
            if len(hits) >= wanted:
                break
            await asyncio.sleep(0.1)
        found[word] = [hit["text"] for hit in hits]
    stranger = get(setup["api"], tokens["eve"], "/api/messages/search?" + urllib.parse.urlencode({"q": setup["words"][0]}))
    print(
        json.dumps(
            {
                "received": [bob.seen[message_id] for message_id in bob.order],
                "byId": [bob.seen[message_id] for message_id in sorted(bob.order)],
                "history": history[::-1],
                "found": found,
                "stranger": len(stranger["hits"]),
                "unreadStates": sum("unread" in states for states in receipts(alice)),
                "backward": sum(states != sorted(states, key=["unread", "delivered", "read"].index) for states in receipts(alice)),
                "errors": alice.errors,
                "unread": get(setup["api"], tokens["bob"], "/api/messages/unread-count")["total"],
            }
        )
    )


def receipts(alice):
    return [alice.receipts.get(message_id, []) for message_id in alice.stored.values()]


asyncio.run(main())
