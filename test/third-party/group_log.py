"""A group's log as one device has it, by docs/protocol.md: messages, notices and the position up to which it has all."""


class Log:
    def __init__(self):
        self.position, self.epoch = None, None
        self.ahead = set()  # positions beyond a gap
        self.messages = {}  # by id
        self.notices = {}  # by the group's version

    def message(self, chat):
        """A message comes once, whatever its ids: its identity is (from, clientMessageId)."""
        identity = (chat["from"], chat["clientMessageId"])
        for message_id, known in list(self.messages.items()):
            if (known["from"], known["clientMessageId"]) == identity:
                if "position" in known and "position" not in chat:
                    return
                del self.messages[message_id]
        self.messages[chat["messageId"]] = chat

    def has(self, position):
        """Advances over a position. Returns False if there is a gap before it, or before another one."""
        if self.position is None:
            return True
        self.ahead.add(position)
        while self.position + 1 in self.ahead:
            self.position += 1
        self.ahead = {each for each in self.ahead if each > self.position}
        return not self.ahead

    def texts(self):
        """In the order of their ids. Of a recalled message: who recalled it."""
        rows = [self.messages[message_id] for message_id in sorted(self.messages)]
        return [row["content"]["text"] if "content" in row else f"recalled by {row.get('recalledBy')}" for row in rows]
