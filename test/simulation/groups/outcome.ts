import { readState } from '@chasqui/core';
import { type Group, groupLog, type LogEntry, type Member, type StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { GroupHead } from '@chasqui/ports';
import type { EngineSet } from '../engine-set.ts';

const PAGE = 500;

/** A group as the engines have it, for a cluster at rest. */
export interface GroupOutcome {
  group: Group;
  /** Its log, from position 1. */
  entries: LogEntry[];
  /** Its messages in the message store, oldest first. */
  messages: StoredMessage[];
  /** Of those who are or were in it. */
  members: Map<string, Member>;
  heads: Map<string, GroupHead>;
  /** Who has read each message. */
  readers: Map<string, { userId: string; at: number }[]>;
}

/** Null: the group was never made. */
export async function gatherGroup(
  engines: Pick<EngineSet, 'conversations' | 'groups' | 'logs' | 'messages'>,
  id: string,
  users: readonly string[],
): Promise<GroupOutcome | null> {
  const [group] = await engines.groups.groups([id]);
  if (group == null) return null;
  const keys = users.map((userId) => ({ conversationId: id, userId }));
  const members = await engines.groups.members(keys);
  const heads = await engines.groups.headsOf(keys);
  const messages = await messagesOf(engines, id);
  const readers = await Promise.all(
    messages.map(({ messageId }) => engines.groups.readers(id, messageId, { limit: PAGE })),
  );
  return {
    group,
    entries: await entriesOf(engines, id),
    messages,
    members: new Map(members.flatMap((member) => (member === null ? [] : [[member.userId, member]]))),
    heads: new Map(heads.flatMap((head) => (head === null ? [] : [[head.member.userId, head]]))),
    readers: new Map(messages.map(({ messageId }, index) => [messageId, readers[index] ?? []])),
  };
}

async function entriesOf({ logs }: Pick<EngineSet, 'logs'>, id: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(groupLog(id), entries.length, PAGE);
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

async function messagesOf(
  { messages, conversations }: Pick<EngineSet, 'messages' | 'conversations'>,
  id: string,
): Promise<StoredMessage[]> {
  const all: StoredMessage[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof messages.scan>> = await messages.scan(cursor, PAGE);
    all.push(...page.messages.filter(({ conversationId }) => conversationId === id));
    cursor = page.cursor;
  } while (cursor !== null);
  const stated = await readState({ conversations, logger: silentLogger }, all);
  return stated.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
}
