/** Reactions to messages, since version 23 of store.db. */
export const REACTIONS_TABLE = `
-- user 0: encodeReactions of the message; others: encodeReactor.
CREATE TABLE reactions (
  conversation INTEGER, message_id TEXT, user INTEGER, body TEXT NOT NULL, PRIMARY KEY (conversation, message_id, user)
) WITHOUT ROWID;
CREATE INDEX reactions_user ON reactions (user) WHERE user > 0;
`;
