import { readState } from '@chasqui/core';
import {
  type Group,
  groupLog,
  type Interval,
  inboxOf,
  type LogEntry,
  type LogId,
  type Member,
  type StoredMessage,
} from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type {
  ConversationStateStore,
  ConversationStore,
  GroupHead,
  GroupStore,
  MessageStore,
  SearchIndex,
  UpdateLog,
} from '@chasqui/ports';

const PAGE = 500;

/** What the groups are read from. */
export interface GroupEngines {
  conversations: ConversationStore;
  groups: GroupStore;
  logs: UpdateLog;
  messages: MessageStore;
  search: SearchIndex;
  conversationStates: ConversationStateStore;
}

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
  /** How far each user has read, by the updates in their inbox, oldest first. */
  reads: Map<string, string[]>;
}

/** Null: the group was never made. */
export async function gatherGroup(
  engines: GroupEngines,
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
  const inboxes = await Promise.all(users.map((user) => entriesOf(engines, inboxOf(user))));
  return {
    group,
    entries: await entriesOf(engines, groupLog(id)),
    messages,
    members: new Map(members.flatMap((member) => (member === null ? [] : [[member.userId, member]]))),
    heads: new Map(heads.flatMap((head) => (head === null ? [] : [[head.member.userId, head]]))),
    reads: new Map(users.map((user, index) => [user, readsOf(inboxes[index] ?? [], id)])),
    readers: new Map(messages.map(({ messageId }, index) => [messageId, readers[index] ?? []])),
  };
}

/** Whether a position is within one of these stays. */
export function isWithin(intervals: readonly Interval[], position: number): boolean {
  return intervals.some(({ after, upTo }) => position > after && (upTo === undefined || position <= upTo));
}

function readsOf(inbox: readonly LogEntry[], id: string): string[] {
  return inbox.flatMap((entry) => (entry.type === 'read' && entry.conversationId === id ? [entry.upTo] : []));
}

async function entriesOf({ logs }: Pick<GroupEngines, 'logs'>, log: LogId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(log, entries.length, PAGE);
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

async function messagesOf(
  { messages, conversations }: Pick<GroupEngines, 'messages' | 'conversations'>,
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
