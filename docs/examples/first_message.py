"""Sends one message and prints what comes: first_message.py ws://127.0.0.1:4401/ws TOKEN bob "hello"."""

import asyncio
import json
import sys
import uuid

import websockets


async def main(url, token, to, text):
    async with websockets.connect(url) as socket:

        async def send(**frame):
            await socket.send(json.dumps(frame))

        await send(type="login", token=token, deviceId="python", position=0)
        async for data in socket:
            frame = json.loads(data)
            match frame["type"]:
                case "login_ok":
                    await send(type="chat", clientMessageId=str(uuid.uuid4()), to=to, content={"text": text})
                case "chat":
                    print(frame["from"], frame.get("content"))
                    ids = {"conversationId": frame["conversationId"], "messageIds": [frame["messageId"]]}
                    await send(type="ack", state="delivered", **ids)
                case "offline_messages":
                    place = {"position": frame["position"], "epoch": frame["epoch"]}
                    print("inbox:", [update["type"] for update in frame["updates"]])
                    await send(type="confirm_messages_synced", **place)
                    if not frame["caughtUp"]:
                        await send(type="sync_offline_messages", **place)
                case other:
                    print(other, frame)


asyncio.run(main(*sys.argv[1:]))
