import {
  type ConversationId,
  directConversation,
  type LogEntry,
  type LogId,
  type Message,
  type MessageId,
  type MessageToRecord,
  type Position,
  positionIn,
  type UserId,
} from '@chasqui/domain';
import type {
  ActionToRecord,
  ConversationEntry,
  ConversationStore,
  RecordOutcome,
  UnreadState,
  UpdateLog,
} from '@chasqui/ports';
import { expect } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples, type MessageFields, toRecord } from './samples.ts';

/** Conversations and logs, which share their transactions. */
export interface Conversations {
  conversations: ConversationStore;
  logs: UpdateLog;
}

export interface ConversationsHarness extends Harness<Conversations> {
  /** Overwrites the stored unread count of one conversation, as a bug would, behind the store's back. */
  spoilCount(userId: UserId, conversationId: ConversationId, count: number): Promise<void>;
}

export const ANN = 'ann';
export const BOB = 'bob';
export const CAT = 'cat';
export const ANN_BOB = directConversation(ANN, BOB);
/** A conversation that is neither direct nor a group: each of its messages is appended to the inboxes of all three users. */
export const THREE = 'ann~bob~cat';
export const toThree = (from: UserId) => ({
  conversationId: THREE,
  from,
  audience: [from, ...[ANN, BOB, CAT].filter((user) => user !== from)],
});

export type Recorded = Extract<RecordOutcome, { places: unknown }>;

/** Narrows an outcome to one that is neither a conflict nor a refusal. */
export function recorded(outcome: RecordOutcome | undefined): Recorded {
  if (outcome !== undefined && 'places' in outcome) return outcome;
  return expect.fail(`not recorded: ${outcome?.result}`);
}

/** The message's position in each of the logs; 0: it is not in that log. */
export function positionsIn({ places }: Pick<Recorded, 'places'>, ...logs: LogId[]): Position[] {
  return logs.map((log) => positionIn(places, log));
}

/** One user's counts in an outcome. */
export function unreadOf({ unread }: Recorded, userId: UserId): UnreadState {
  return unread.find((state) => state.userId === userId) ?? expect.fail(`nothing is said of ${userId}`);
}

export function conversationsFixture(harness: ConversationsHarness) {
  const subject = subjectOf(harness, ({ conversations, logs }) => [conversations, logs]);
  const samples = createSamples(harness.clock);
  const conversations = () => subject.current.conversations;
  return {
    subject,
    samples,
    conversations,
    logs: () => subject.current.logs,
    /** Records one message, by default from Ann to Bob, and returns it as it was recorded. */
    async record({
      after,
      ...fields
    }: Partial<MessageFields> & { after?: MessageId } = {}): Promise<MessageToRecord & { outcome: Recorded }> {
      const to = fields.conversationId === undefined ? { to: BOB } : {};
      const message = toRecord(samples.message({ from: ANN, ...to, ...fields }), after);
      const outcome = recorded((await conversations().record([message]))[0]);
      return { ...message, messageId: outcome.messageId, outcome };
    },
    async entry(userId: UserId, conversationId: ConversationId = ANN_BOB): Promise<ConversationEntry | null> {
      const [entry, ...others] = await conversations().entries([{ userId, conversationId }]);
      expect(others).toEqual([]);
      return entry ?? null;
    },
    /** Moves a user's mark; the time, device and node identify the move. */
    markRead: (userId: UserId, conversationId: ConversationId, upTo: MessageId, at: number) =>
      conversations().markRead({ userId, conversationId, upTo, at, node: `node-${at}` }),
    /** The sender recalls the message. */
    recall: async (message: Message, at: number, revision = 1) =>
      only(await conversations().act([{ ...actionOn(message), action: 'recall', revision, at }])),
    /** The sender edits the message. */
    edit: async (message: Message, text: string, revision = 1) =>
      only(await conversations().act([editOf(message, text, revision, harness.clock.now())])),
    noDrift: async () => expect((await conversations().recount(null, { repair: false, limit: 100 })).drift).toEqual([]),
    /** A user's whole inbox, read in small pages; fails when positions are not contiguous. */
    async inbox(userId: UserId): Promise<LogEntry[]> {
      const entries: LogEntry[] = [];
      for (let after = 0; ; ) {
        const page = await subject.current.logs.page(userId, after, 3);
        after = Math.max(after, page.floor);
        for (const entry of page.entries) expect(entry.position).toBe(++after);
        entries.push(...page.entries);
        if (after >= page.head) return entries;
        if (page.entries.length === 0) expect.fail(`an empty page at ${after} of ${page.head}`);
      }
    },
  };
}

/** The sender's edit of a message. */
export function editOf(message: Message, text: string, revision: number, at: number): ActionToRecord {
  const content = { ...message.content, text };
  return { ...actionOn(message), action: 'edit', revision, at, content, actionId: `edit-${revision}` };
}

/** The result of a call with one item. */
export function only<T>(results: readonly T[]): T {
  expect(results).toHaveLength(1);
  return results[0] as T;
}

function actionOn({ conversationId, messageId, from, audience }: Message) {
  return { conversationId, messageId, by: from, audience };
}
