import type { LogEntry, StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { ConversationEntry, ConversationStore, MessageStore, OfflineCache, UpdateLog } from '@chasqui/ports';
import { LogReader, type LogReaderOptions } from '../delivery/log-reader.ts';

export const conversationId = 'ann~bob';

export function messageOf(messageId: string): StoredMessage {
  return {
    messageId,
    conversationId,
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: `c${messageId}`,
    kind: 'c2c',
    content: { text: `text ${messageId}` },
    sentAt: 1,
    audience: ['ann', 'bob'],
    statuses: { bob: 'unread' },
    revision: 0,
    steps: [],
  };
}

export function entryOf(messageId: string, position: number): LogEntry {
  return { type: 'message', conversationId, messageId, from: 'ann', clientMessageId: `c${messageId}`, position };
}

type Parts = Pick<LogReaderOptions, 'logs' | 'messages' | 'cache'>;

/** `read`: the read marks of bob in the conversation; null: the store is unavailable. */
export function readerOf(
  parts: Parts,
  entries: () => ConversationEntry[] | null = () => [],
  hidden: readonly string[] = [],
): LogReader {
  const conversations: Pick<ConversationStore, 'entries'> = {
    async entries(keys) {
      const found = entries();
      if (found === null) throw new Error('away');
      return keys.map((key) => found.find((entry) => entry.userId === key.userId) ?? null);
    },
  };
  const states = {
    hiddenAmong: async (_: string, keys: readonly { messageId: string }[]) =>
      keys.map(({ messageId }) => hidden.includes(messageId)),
  };
  const reactions = { seen: async (_: string, keys: readonly { messageId: string }[]) => keys.map(() => null) };
  return new LogReader({ ...parts, conversations, states, reactions, maxPageBytes: 100_000, logger: silentLogger });
}

/** A reader of a log with these entries, whose messages are in the cache, the store or nowhere. `asked` notes the number of keys of each read of the store. */
export function reader(
  entries: LogEntry[],
  cached: readonly StoredMessage[],
  stored: readonly StoredMessage[],
  asked: number[] = [],
  marks: () => ConversationEntry[] | null = () => [],
  hidden: readonly string[] = [],
) {
  const find = (among: readonly StoredMessage[], id: string) => among.find(({ messageId }) => messageId === id) ?? null;
  const logs = { page: async () => ({ entries, head: entries.length, floor: 0, epoch: 'e' }) };
  const cache = { get: async (_: string, ids: readonly string[]) => ids.map((id) => find(cached, id)) };
  const messages = {
    async get(keys: readonly { messageId: string }[]) {
      asked.push(keys.length);
      return keys.map((key) => find(stored, key.messageId));
    },
  };
  return readerOf(
    {
      logs: logs as Partial<UpdateLog> as UpdateLog,
      messages: messages as Partial<MessageStore> as MessageStore,
      cache: cache as Partial<OfflineCache> as OfflineCache,
    },
    marks,
    hidden,
  );
}
