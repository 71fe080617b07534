import { conversationOf, type InboxEntry, type Message, type MessageToRecord, type UserId } from '@chasqui/domain';
import type { InboxStore, RecordOutcome, SessionStore } from '@chasqui/ports';
import { expect } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples } from './samples.ts';

/** Sessions and inboxes, which share their transactions. */
export interface Ledger {
  sessions: SessionStore;
  inboxes: InboxStore;
}

export interface LedgerHarness extends Harness<Ledger> {
  /** Overwrites the stored unread count of one conversation, as a bug would, behind the store's back. */
  spoilCount(userId: UserId, conversationId: string, count: number): Promise<void>;
}

export const ANN = 'ann';
export const BOB = 'bob';
export const CAT = 'cat';
export const ANN_BOB = conversationOf(ANN, BOB);

export type Recorded = Extract<RecordOutcome, { senderPosition: number }>;

/** Narrows an outcome to one that is no conflict. */
export function recorded(outcome: RecordOutcome | undefined): Recorded {
  if (outcome === undefined || outcome.result === 'conflict') expect.fail(`not recorded: ${outcome?.result}`);
  return outcome;
}

export function ledgerFixture(harness: LedgerHarness) {
  const subject = subjectOf(harness, ({ sessions, inboxes }) => [sessions, inboxes]);
  const samples = createSamples(harness.clock);
  return {
    subject,
    samples,
    sessions: () => subject.current.sessions,
    inboxes: () => subject.current.inboxes,
    /** Records one message from Ann to Bob (unless said otherwise) and gives it as it was recorded. */
    async record(fields: Partial<MessageToRecord> & { text?: string } = {}): Promise<Message & { outcome: Recorded }> {
      const message = samples.message({ from: ANN, to: BOB, ...fields });
      const outcome = recorded((await subject.current.sessions.record([message]))[0]);
      return { ...message, messageId: outcome.messageId, outcome };
    },
    /** A user's whole inbox, read in small pages; fails when positions are not contiguous. */
    async inbox(userId: UserId): Promise<InboxEntry[]> {
      const entries: InboxEntry[] = [];
      for (let after = 0; ; ) {
        const page = await subject.current.inboxes.page(userId, after, 3);
        after = Math.max(after, page.floor);
        for (const entry of page.entries) expect(entry.position).toBe(++after);
        entries.push(...page.entries);
        if (after >= page.head) return entries;
        if (page.entries.length === 0) expect.fail(`an empty page at ${after} of ${page.head}`);
      }
    },
  };
}
