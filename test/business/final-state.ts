import {
  type ConversationId,
  conversationOf,
  type InboxEntry,
  type InboxReceipt,
  type MessageStatus,
  type StoredMessage,
  statusRank,
} from '@chasqui/domain';
import { expect } from 'vitest';
import type { House } from './house.ts';

export const USERS = ['ann', 'bob', 'cid'];
const PAIRS = [conversationOf('ann', 'bob'), conversationOf('ann', 'cid'), conversationOf('bob', 'cid')];
const ALL = 1_000;

export async function history(house: House): Promise<StoredMessage[]> {
  const pages = await Promise.all(PAIRS.map((pair: ConversationId) => house.messages.page(pair, { limit: ALL })));
  return pages.flat();
}

export async function inbox(house: House, userId: string): Promise<InboxEntry[]> {
  return (await house.inboxes.page(userId, 0, ALL)).entries;
}

/** What must be the same after any trouble: ids are told by the clientMessageId, as a repeat may have given another. */
export async function truthOf(house: House) {
  const stored = await history(house);
  const names = new Map(stored.map(({ messageId, clientMessageId }) => [messageId, clientMessageId]));
  const inboxes = await Promise.all(USERS.map((userId) => inbox(house, userId)));
  const sessions = await Promise.all(USERS.map((userId) => house.sessions.list(userId, ALL)));
  return {
    history: stored.map(({ clientMessageId, content, recalledAt }) => ({ clientMessageId, content, recalledAt })),
    inboxes: inboxes.map((entries) =>
      entries
        .filter((entry) => entry.type !== 'receipt' && entry.type !== 'moment')
        .map((entry) => `${entry.type} ${names.get(entry.type === 'read' ? entry.upTo : entry.messageId)}`)
        // Between the entries of different shards' events there is no order.
        .sort(),
    ),
    sessions: sessions.map((rows) =>
      rows.map(({ lastMessageId, readUpTo, ...row }) => ({
        ...row,
        last: names.get(lastMessageId),
        readUpTo: names.get(readUpTo),
      })),
    ),
    unread: await Promise.all(USERS.map(async (userId) => (await house.sessions.unread(userId)).byConversation)),
  };
}

export async function statusesOf(house: House): Promise<Map<string, MessageStatus>> {
  return new Map((await history(house)).map(({ clientMessageId, status }) => [clientMessageId, status]));
}

/**
 * What must hold however it came about. `zombie`: a process that was taken for dead went on; what it then tells again may
 * be behind what was told meanwhile, and whoever is told merges forward only.
 */
export async function expectSound(house: House, { zombie = false } = {}): Promise<void> {
  const stored = await history(house);
  for (const userId of USERS) await expectInbox(house, userId, stored);
  for (const message of stored) {
    await expectSearch(house, message);
    await expectToldOf(house, message, zombie);
  }
  expect((await house.sessions.recount(null, { repair: false, limit: ALL })).drift, 'C8: drift').toEqual([]);
  for (const userId of USERS) {
    const { total, byConversation } = await house.sessions.unread(userId);
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
  const own = stored.filter(({ from, to, silenced }) => from === userId || (to === userId && !silenced));
  const inInbox = entries.filter((entry) => entry.type === 'message').map(({ messageId }) => messageId);
  expect(inInbox.sort(), `C3: messages of ${userId}, each once`).toEqual(own.map(({ messageId }) => messageId).sort());
}

async function expectSearch(house: House, message: StoredMessage): Promise<void> {
  const { clientMessageId: text, messageId, from: userId, status } = message;
  const hits = (await house.search.search({ userId, text, limit: 100 })).filter((hit) => hit.text === text);
  const expected = message.recalledAt === undefined ? [{ messageId, status }] : [];
  expect(hits, `C3: ${text} in search`).toMatchObject(expected);
}

/** C7: its sender's inbox tells each message's status, and never a lower one after a higher one. */
async function expectToldOf(house: House, message: StoredMessage, zombie: boolean): Promise<void> {
  const { from, clientMessageId, status } = message;
  const receipts = (await inbox(house, from)).filter((entry) => entry.type === 'receipt');
  const told = receipts.filter((receipt) => covers(receipt, message)).map(({ state }) => statusRank(state));
  if (!zombie) expect([...told].sort(), `C7: receipts of ${clientMessageId} only move forward`).toEqual(told);
  expect(Math.max(0, ...told), `C7: ${from} learns of ${clientMessageId}`).toBe(statusRank(status));
}

function covers({ conversationId, by, upTo, messageIds }: InboxReceipt, message: StoredMessage): boolean {
  if (conversationId !== message.conversationId || by !== message.to) return false;
  return upTo === undefined ? (messageIds ?? []).includes(message.messageId) : message.messageId <= upTo;
}
