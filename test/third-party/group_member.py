"""A member of groups in plain frames: written by docs/protocol.md and docs/http.md alone, with Python's `websockets`.

    group_member.py ws://127.0.0.1:4401/ws http://127.0.0.1:4400 cid

Registers the user, then reads commands from its standard input, one JSON array a line, and answers each with a line:

    ["online"]                     log in, sync the inbox and the groups
    ["offline"]                    close the connection
    ["open", group]                sync the log of a group from now on
    ["say", group, text, [user]]   send a message that mentions users, and wait until it is stored
    ["remove", group, text]        recall a message, as an admin that of somebody else
    ["read", group]                mark everything in a group as read
    ["leave", group]               leave a group
    ["see", group]                 what this member has of a group, and what the server counts
    ["find", words], ["history", group]   what HTTP gives, oldest first
"""

import asyncio
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

import websockets
from group_log import Log

START = 50  # updates before the end of a log that are synced at first
GAP_S = 0.4  # time for a gap in the positions to close by itself


class Member:
    def __init__(self, node, api, user):
        self.node, self.api, self.user, self.token = node, api, user, None
        body = {"userId": user, "password": "correct horse battery", "displayName": user.capitalize()}
        self.token = self.call("POST", "/api/auth/register", body)["accessToken"]
        self.inbox = {"position": 0}  # with the epoch of the position
        self.cursor = 0  # of the latest `groups`
        self.heads, self.logs = {}, {}
        self.answers = {}  # futures, by the ref or the clientMessageId that the answer names

    def call(self, method, path, body=None):
        headers = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["content-type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.loads(response.read() or b"null")

    async def send(self, **frame):
        await self.socket.send(json.dumps(frame))

    async def ask(self, key, /, **frame):
        """Sends a frame and returns its answer. `key`: what the answer names."""
        answer = self.answers[key] = asyncio.get_running_loop().create_future()
        await self.send(**frame)
        return await asyncio.wait_for(answer, 15)

    async def online(self):
        self.wanted, self.syncing, self.asks_inbox = set(), None, True
        self.came = {name: asyncio.Event() for name in ("inbox", "groups")}
        self.socket = await websockets.connect(self.node)
        await self.send(
            type="login", token=self.token, deviceId=f"{self.user}-python", groupsSince=self.cursor, **self.inbox
        )
        self.reader = asyncio.create_task(self.read())
        await asyncio.wait_for(asyncio.gather(*(event.wait() for event in self.came.values())), 15)

    async def offline(self):
        await self.socket.close()
        await asyncio.gather(self.reader, return_exceptions=True)

    async def read(self):
        async for text in self.socket:
            frame = json.loads(text)
            handle = getattr(self, "on_" + frame["type"], None)
            if handle is not None:  # frames that a client does not know are ignored
                await handle(frame)

    # The inbox has what concerns this user alone: here, memberships.

    async def on_offline_messages(self, page):
        self.inbox = {"position": page["position"], "epoch": page["epoch"]}
        self.asks_inbox = False
        await self.send(type="confirm_messages_synced", **self.inbox)
        if page["caughtUp"]:
            self.came["inbox"].set()
        else:
            await self.sync_inbox()

    async def sync_inbox(self, _frame=None):
        if not self.asks_inbox:
            self.asks_inbox = True
            await self.send(type="sync_offline_messages", **self.inbox)

    on_membership = on_read = sync_inbox

    # Heads: the groups with news, newest first, with exact counts.

    async def on_groups(self, page):
        for head in page["groups"]:
            self.heads[head["conversationId"]] = head
            await self.follow(head["conversationId"])
        self.cursor = max(self.cursor, page["cursor"])
        if "before" in page:
            await self.send(type="groups", before=page["before"], ref=page.get("ref", "more"))
            return
        self.came["groups"].set()
        self.answered(page.get("ref"), page)

    # Logs of the groups that are open.

    async def open(self, group):
        self.logs.setdefault(group, Log())
        await self.follow(group)

    async def follow(self, group):
        """Syncs an open group whose head is beyond what this device has."""
        log, head = self.logs.get(group), self.heads.get(group)
        if log is None or head is None:
            return
        if log.position is None:
            log.position = max(0, head["head"] - START)
        if head["head"] > log.position:
            await self.sync(group)

    async def sync(self, group=None):
        """One request at a time, for all groups."""
        if group is not None:
            self.wanted.add(group)
        if self.syncing is None and self.wanted:
            self.syncing = self.wanted.pop()
            log = self.logs[self.syncing]
            epoch = {} if log.epoch is None else {"epoch": log.epoch}
            await self.send(type="sync", conversationId=self.syncing, position=log.position, **epoch)

    async def on_log_updates(self, page):
        group = page["conversationId"]
        log = self.logs[group]
        for update in page["updates"]:
            self.apply(log, update)
        if page.get("reset") or log.epoch not in (None, page["epoch"]):
            log.ahead.clear()
        log.position, log.epoch = page["position"], page["epoch"]
        log.has(log.position)  # and what came live beyond it
        self.syncing = None
        await self.sync(None if page["caughtUp"] else group)

    def apply(self, log, update):
        if update["type"] == "chat":
            log.message(update)
        elif update["type"] == "notice":
            log.notices[update["version"]] = update
        elif update["type"] == "recall" and update["messageId"] in log.messages:
            message = log.messages[update["messageId"]]
            message.pop("content", None)
            message["recalledBy"] = update["by"]

    # Live frames come before the log, and can get lost.

    async def live(self, frame):
        log = self.logs.get(frame["conversationId"])
        if log is None:
            return
        self.apply(log, frame)
        if "position" in frame:
            self.advance(frame["conversationId"], frame["position"])

    on_chat = on_notice = live

    async def on_recall(self, frame):
        await self.live(frame)
        self.answered(frame["messageId"], frame)

    def advance(self, group, position):
        if not self.logs[group].has(position):
            asyncio.get_running_loop().call_later(GAP_S, lambda: asyncio.ensure_future(self.close_gap(group)))

    async def close_gap(self, group):
        if self.logs[group].ahead:
            await self.sync(group)

    async def on_stored_messages(self, frame):
        group = frame["conversationId"]
        log = self.logs.get(group)
        for place in frame["messages"] if log is not None else ():
            message = log.messages.pop(place.get("replaces", place["messageId"]), None)
            if message is None and place["messageId"] not in log.messages:
                await self.sync(group)
                continue
            if message is not None:
                log.messages[place["messageId"]] = {**message, **place}
            self.advance(group, place["position"])

    async def on_retract(self, frame):
        log = self.logs.get(frame["conversationId"])
        if log is not None and "position" not in log.messages.get(frame["messageId"], {"position": 0}):
            del log.messages[frame["messageId"]]

    async def on_sync_needed(self, _frame):
        await self.sync_inbox()
        await self.send(type="groups", since=self.cursor)
        for group in self.logs:
            await self.sync(group)

    # Answers to what this user does.

    async def on_server_ack(self, frame):
        self.answered(frame["clientMessageId"], frame)

    async def on_error(self, frame):
        self.answered(frame.get("ref"), frame)

    def answered(self, ref, frame):
        answer = self.answers.pop(ref, None)
        if answer is not None:
            answer.set_result(frame)

    async def say(self, group, text, mentions=()):
        key = uuid.uuid4().hex
        chat = {"conversationId": group, "clientMessageId": key, "content": {"text": text}}
        named = {"mentions": list(mentions)} if mentions else {}
        answer = await self.ask(key, type="chat", **chat, **named)
        if answer["type"] == "error":
            return answer["code"]
        if group in self.logs:
            place = {"messageId": answer["messageId"], "position": answer["position"]}
            self.logs[group].message({"type": "chat", "from": self.user, **chat, **place})
            self.advance(group, place["position"])
        return "stored"

    async def remove(self, group, text):
        [message_id] = [key for key, row in self.logs[group].messages.items() if row.get("content") == {"text": text}]
        answer = await self.ask(message_id, type="recall", conversationId=group, messageId=message_id, ref=message_id)
        return answer.get("code", "removed")

    async def read_all(self, group):
        confirmed = [key for key, row in self.logs[group].messages.items() if "position" in row]
        await self.send(type="ack", state="read", conversationId=group, messageIds=[max(confirmed)])

    async def leave(self, group):
        await asyncio.to_thread(self.call, "POST", f"/api/groups/{group}/leave")

    async def see(self, group):
        """Asks for the counts, and waits until the log is synced as far as the head says."""
        await self.ask("counts", type="groups", since=0, ref="counts")
        head, log = self.heads.get(group), self.logs.get(group, Log())
        if head is None:
            return {"texts": [], "notices": [], "role": None, "unread": 0, "mentions": 0}
        for _ in range(200):
            if self.syncing is None and (log.position or 0) >= head["head"]:
                break
            await asyncio.sleep(0.02)
        notices = [log.notices[version] for version in sorted(log.notices)]
        return {
            "texts": log.texts(),
            "notices": [" ".join([each["by"], each["notice"], *each.get("users", [])]) for each in notices],
            "role": head.get("role"),
            "unread": head["unread"],
            "mentions": head["mentions"],
        }

    async def find(self, words):
        query = urllib.parse.urlencode({"q": words, "limit": 100})
        hits = (await asyncio.to_thread(self.call, "GET", f"/api/messages/search?{query}"))["hits"]
        return [hit["text"] for hit in sorted(hits, key=lambda hit: hit["messageId"])]

    async def history(self, group):
        texts, before = [], ""
        while True:
            path = f"/api/conversations/{group}/messages?limit=3{before}"
            try:
                page = await asyncio.to_thread(self.call, "GET", path)
            except urllib.error.HTTPError as refused:
                return json.load(refused)["error"]["code"]
            texts += [row.get("content", {}).get("text", f"recalled by {row.get('recalledBy')}") for row in page["messages"]]
            if "nextBefore" not in page:
                return texts[::-1]
            before = "&before=" + page["nextBefore"]


async def main():
    member = Member(*sys.argv[1:])
    commands = {name: getattr(member, name) for name in ("online", "offline", "open", "say", "remove", "leave", "see")}
    commands |= {"find": member.find, "history": member.history, "read": member.read_all}
    while line := await asyncio.to_thread(sys.stdin.readline):
        name, *words = json.loads(line)
        print(json.dumps(await commands[name](*words)), flush=True)


asyncio.run(main())
