import { readState, readUnread } from '@chasqui/core';
import { inboxOf, type LogEntry, overallStatus, recipientOf, type StoredMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { MessageStore } from '@chasqui/ports';
import { identityOf, type KeptMessage, type KeptUpdate, type Outcome } from '../checker/index.ts';
import type { EngineSet } from './engine-set.ts';

const ALL = 10_000;
const PAGE = 500;

/** The authoritative stores, and what is served from them. */
type Kept = Pick<EngineSet, 'conversations' | 'logs' | 'messages' | 'search' | 'unreadCache'>;

/** The content of the engines, as the API would show it. Only for a cluster at rest. */
export async function gatherOutcome(
  engines: Kept,
  users: readonly string[],
  texts: readonly string[],
): Promise<Omit<Outcome, 'devices'>> {
  const words = texts.map((text) => text.split(' ').at(-1) ?? '');
  return {
    messages: await gatherMessages(engines),
    inboxes: await Promise.all(users.map(async (user) => ({ user, updates: await gatherUpdates(engines, user) }))),
    found: await Promise.all(users.map(async (user) => ({ user, messageIds: await search(engines, user, words) }))),
    unread: await Promise.all(
      users.map((user) => readUnread({ conversations: engines.conversations, cache: engines.unreadCache }, user)),
    ).then((counts) => counts.map(({ userId, ...rest }) => ({ user: userId, ...rest }))),
    drift: (await engines.conversations.recount(null, { repair: false, limit: ALL })).drift.map(
      ({ userId, conversationId, count, stored, recomputed }) =>
        `${userId} in ${conversationId}: ${stored} ${count} stored, ${recomputed} recomputed`,
    ),
  };
}

/** All history, oldest first. */
export async function gatherMessages({ messages, conversations }: Kept): Promise<KeptMessage[]> {
  const all: StoredMessage[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<MessageStore['scan']>> = await messages.scan(cursor, PAGE);
    all.push(...(await readState({ conversations, logger: silentLogger }, page.messages)));
    cursor = page.cursor;
  } while (cursor !== null);
  return all.sort((a, b) => (a.messageId < b.messageId ? -1 : 1)).map(keptMessage);
}

function keptMessage(message: StoredMessage): KeptMessage {
  const { messageId, conversationId, from, clientMessageId, content, recalledAt } = message;
  return {
    messageId,
    conversationId,
    from,
    to: recipientOf(message).to ?? '',
    status: overallStatus(message),
    identity: identityOf(from, clientMessageId),
    text: content.text ?? '',
    recalled: recalledAt !== undefined,
  };
}

async function gatherUpdates({ logs }: Kept, user: string): Promise<KeptUpdate[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await logs.page(inboxOf(user), entries.length, PAGE);
    if (page.entries.length === 0) break;
    entries.push(...page.entries);
  }
  return entries.map((entry): KeptUpdate => {
    if (
      entry.type === 'moment' ||
      entry.type === 'conversation_state' ||
      entry.type === 'membership' ||
      entry.type === 'notice'
    ) {
      throw new Error(`there is no ${entry.type} here`);
    }
    const { position, conversationId } = entry;
    if (entry.type === 'read') return { position, conversationId, type: 'read', upTo: entry.upTo };
    if (entry.type === 'action') return { position, conversationId, type: entry.action };
    if (entry.type === 'hidden') return { position, conversationId, type: 'hidden' };
    if (entry.type === 'react') return { position, conversationId, type: 'react' };
    if (entry.type === 'receipt') return { position, conversationId, type: 'receipt' };
    const { messageId, from, clientMessageId } = entry;
    return { position, conversationId, type: 'message', messageId, from, identity: identityOf(from, clientMessageId) };
  });
}

async function search({ search }: Kept, userId: string, words: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const text of words)
    for (const { messageId } of await search.search({ logs: [userId], text, limit: 100 })) found.add(messageId);
  return [...found];
}
