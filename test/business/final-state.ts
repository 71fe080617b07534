import { LogReader, readState, type UpdatePage } from '@chasqui/core';
import {
  addresseesOf,
  type ConversationId,
  directConversation,
  groupLog,
  inboxOf,
  type LogEntry,
  type MessageStatus,
  overallStatus,
  type ReceiptUpdate,
  type StoredMessage,
  statusRank,
  storedStatus,
} from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect } from 'vitest';
import { THREE } from './conversation-of-three.ts';
import { logOfTeam, TEAM } from './groups.ts';
import type { House } from './house.ts';

export const USERS = ['ann', 'bob', 'cid'];
const CONVERSATIONS = [
  ...[directConversation('ann', 'bob'), directConversation('ann', 'cid'), directConversation('bob', 'cid')],
  THREE,
  TEAM,
];
const ALL = 1_000;

/** All messages as stored: read marks are not applied. */
export async function history(house: House): Promise<StoredMessage[]> {
  const pages = await Promise.all(CONVERSATIONS.map((id: ConversationId) => house.messages.page(id, { limit: ALL })));
  return pages.flat();
}

/** The same messages with read marks applied, as users see them. */
export async function seenHistory(house: House): Promise<readonly StoredMessage[]> {
  return readState({ conversations: house.conversations, logger: silentLogger }, await history(house));
}

export async function inbox(house: House, userId: string): Promise<LogEntry[]> {
  return (await house.logs.page(inboxOf(userId), 0, ALL)).entries;
}

/** The inbox as the user's devices sync it. */
export function syncedPage(house: House, userId: string): Promise<UpdatePage> {
  const { logs, conversations, conversationStates: states, reactions, messages, offlineCache: cache } = house;
  const parts = { logs, conversations, states, reactions, messages, cache, maxPageBytes: 1e6, logger: silentLogger };
  return new LogReader(parts).page(userId, 0, 100);
}

/**
 * The state that must be the same after any fault. Messages are identified by clientMessageId, because a repeat may
 * have given another message id.
 */
export async function truthOf(house: House) {
  const stored = await history(house);
  const names = new Map(stored.map(({ messageId, clientMessageId }) => [messageId, clientMessageId]));
  const inboxes = await Promise.all(USERS.map((userId) => inbox(house, userId)));
  const conversations = await Promise.all(USERS.map((userId) => house.conversations.list(userId, ALL)));
  return {
    history: stored.map(({ clientMessageId, content, recalledAt, editedAt, editIds, revision }) => ({
      ...{ clientMessageId, content, recalledAt, editedAt, editIds, revision },
    })),
    inboxes: inboxes.map((entries) =>
      entries
        .flatMap((entry) => {
          if (entry.type === 'membership') return [`membership ${entry.event}`];
          // How many reactions one update tells of depends on the batches.
          if (entry.type === 'react') return [];
          const messageId = entry.type === 'read' ? entry.upTo : 'messageId' in entry ? entry.messageId : null;
          return messageId === null ? [] : [`${entry.type} ${names.get(messageId)}`];
        })
        // Entries of different shards' events have no order between them.
        .sort(),
    ),
    conversations: conversations.map((entries) =>
      entries.map(({ lastMessageId, read, ...entry }) => ({
        ...entry,
        last: names.get(lastMessageId),
        read: { ...read, upTo: names.get(read.upTo) },
      })),
    ),
    reactions: await Promise.all(USERS.map((userId) => reactionsOf(house, userId, stored))),
    team: await teamOf(house, names),
    unread: await Promise.all(USERS.map(async (userId) => (await house.conversations.unread(userId)).byConversation)),
  };
}

/** The reactions to each message as a user sees them. */
async function reactionsOf({ reactions }: House, userId: string, stored: readonly StoredMessage[]) {
  const seen = await reactions.seen(userId, stored);
  return seen.map((one) => (one === null ? null : { counts: one.counts, mine: one.mine, revision: one.revision }));
}

/** The group's log in its order, and what its members find of it. */
async function teamOf(house: House, names: ReadonlyMap<string, string>) {
  const heads = await house.groups.headsOf(USERS.map((userId) => ({ conversationId: TEAM, userId })));
  return {
    log: (await logOfTeam(house)).map((entry) => {
      if (entry.type === 'notice') return `${entry.notice} ${entry.users}`;
      return 'messageId' in entry ? `${entry.type} ${names.get(entry.messageId)}` : entry.type;
    }),
    heads: heads.map((head) => {
      if (head === null) return null;
      const { group, member, unread, mentions, read } = head;
      const places = member.intervals.map(({ after, upTo }) => [after, upTo]);
      return { unread, mentions, places, role: member.role, read: names.get(read.upTo), version: group.version };
    }),
  };
}

export async function statusesOf(house: House): Promise<Map<string, MessageStatus>> {
  return new Map((await seenHistory(house)).map((message) => [message.clientMessageId, overallStatus(message)]));
}

/**
 * The invariants of every outcome. `zombie`: a process that was declared dead continued; its repeated announcements may
 * be older than later ones, and receivers merge forward only.
 */
export async function expectSound(house: House, { zombie = false } = {}): Promise<void> {
  const stored = await history(house);
  for (const userId of USERS) await expectInbox(house, userId, stored);
  await expectTeam(house, stored);
  for (const message of stored) await expectSearch(house, message);
  for (const message of await seenHistory(house)) await expectToldOf(house, message, zombie);
  expect((await house.conversations.recount(null, { repair: false, limit: ALL })).drift, 'C8: drift').toEqual([]);
  for (const userId of USERS) {
    const { total, byConversation } = await house.conversations.unread(userId);
    const cached = await house.unreadCache.get(userId);
    if (cached !== null) expect(cached, `C8: what ${userId} sees`).toMatchObject({ total, byConversation });
  }
}

async function expectInbox(house: House, userId: string, stored: readonly StoredMessage[]): Promise<void> {
  const entries = await inbox(house, userId);
  expect(
    entries.map(({ position }) => position),
    `C10: places of ${userId}`,
  ).toEqual(entries.map((_, index) => index + 1));
  const own = stored.filter(({ audience }) => audience.includes(inboxOf(userId)));
  const inInbox = entries.filter((entry) => entry.type === 'message').map(({ messageId }) => messageId);
  expect(inInbox.sort(), `C3: messages of ${userId}, each once`).toEqual(own.map(({ messageId }) => messageId).sort());
}

/** C18: contiguous positions, ids that rise with them, and each message once; C18: what is refused is nowhere. */
async function expectTeam(house: House, stored: readonly StoredMessage[]): Promise<void> {
  const entries = await logOfTeam(house);
  expect(
    entries.map(({ position }) => position),
    'C18: places of the group',
  ).toEqual(entries.map((_, index) => index + 1));
  const inLog = entries.filter((entry) => entry.type === 'message').map(({ messageId }) => messageId);
  expect(inLog, 'C18: ids rise').toEqual(inLog.toSorted());
  const own = stored.filter(({ conversationId }) => conversationId === TEAM).map(({ messageId }) => messageId);
  expect(own.toSorted(), 'C18: messages of the group, each once').toEqual(inLog);
}

async function expectSearch(house: House, message: StoredMessage): Promise<void> {
  const { clientMessageId, content, messageId, audience, recalledAt } = message;
  const { text = clientMessageId } = content;
  for (const log of [...USERS.map(inboxOf), groupLog(TEAM)]) {
    if (text !== clientMessageId) {
      const former = await house.search.search({ logs: [log], text: clientMessageId, limit: 100 });
      expect(former, `C13: what ${messageId} was before it was edited`).not.toContainEqual(
        expect.objectContaining({ messageId }),
      );
    }
    const hits = (await house.search.search({ logs: [log], text, limit: 100 })).filter((hit) => hit.text === text);
    const isFound = recalledAt === undefined && audience.includes(log);
    const expected = isFound ? [{ messageId, status: overallStatus(message) }] : [];
    expect(hits, `C3, C13: ${text} in the search of ${log}`).toMatchObject(expected);
  }
}

/** C7: the sender's inbox has each message's status for each addressee, and never a lower one after a higher one. */
async function expectToldOf(house: House, message: StoredMessage, zombie: boolean): Promise<void> {
  const { from, clientMessageId } = message;
  const receipts = (await inbox(house, from)).filter((entry) => entry.type === 'receipt');
  for (const member of addresseesOf(message)) {
    const own = receipts.filter((receipt) => receipt.by === member && covers(receipt, message));
    const told = own.map(({ state }) => statusRank(state));
    if (!zombie) expect([...told].sort(), `C7: receipts of ${clientMessageId} only move forward`).toEqual(told);
    const reached = statusRank(storedStatus(message, member));
    expect(Math.max(0, ...told), `C7: ${from} learns of ${clientMessageId} and ${member}`).toBe(reached);
  }
}

function covers({ conversationId, upTo, messageIds }: ReceiptUpdate, message: StoredMessage): boolean {
  if (conversationId !== message.conversationId) return false;
  return upTo === undefined ? (messageIds ?? []).includes(message.messageId) : message.messageId <= upTo;
}
