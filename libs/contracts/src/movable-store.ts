import { directConversation } from '@chasqui/domain';
import {
  type ConversationStateStore,
  type ConversationStore,
  type GroupStore,
  MOVED_KINDS,
  type MovableStore,
  type MovedKind,
  type MovedRow,
  type UpdateLog,
} from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { MOVED_SAMPLES } from './movable-samples.ts';
import { createSamples, toRecord } from './samples.ts';

/** A store that can be moved, with ports of it that show what came over. */
export interface Movable {
  movable: MovableStore;
  conversations: ConversationStore;
  conversationStates: ConversationStateStore;
  groups: GroupStore;
  logs: UpdateLog;
}

export const KINDS = Object.keys(MOVED_KINDS) as MovedKind[];
const ANN_BOB = directConversation('ann', 'bob');

/** All rows of a kind, sorted, read in pages of `limit`. */
export async function rowsOf(store: MovableStore, kind: MovedKind, limit = 2): Promise<MovedRow[]> {
  const rows: MovedRow[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<MovableStore['page']>> = await store.page(kind, cursor, limit);
    rows.push(...page.rows);
    cursor = page.cursor;
    if (cursor === null) return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
}

/** Everything that `MovableStore` promises. */
export function movableStoreContract(name: string, harness: Harness<Movable>): void {
  describe(`MovableStore: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, ({ movable }) => [movable]);
    const samples = createSamples(harness.clock);
    const store = () => subject.current.movable;
    const everything = async () => {
      const all: [MovedKind, MovedRow[]][] = [];
      for (const kind of KINDS) all.push([kind, await rowsOf(store(), kind)]);
      return all;
    };
    const putAll = async (all: readonly (readonly [MovedKind, readonly MovedRow[]])[]) => {
      for (const [kind, rows] of all) await store().put(kind, rows);
      await store().finish();
    };

    test('an empty store has no row of any kind', async () => {
      expect((await everything()).filter(([, rows]) => rows.length > 0)).toEqual([]);
      await store().ping();
    });

    test('rows of each kind come back as they were put, page by page, also when they are put twice', async () => {
      const samplesOf = KINDS.map((kind) => [kind, MOVED_SAMPLES[kind]] as const);
      await putAll(samplesOf);
      await putAll(samplesOf);
      for (const kind of KINDS) {
        const sorted = [...MOVED_SAMPLES[kind]].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        expect(await rowsOf(store(), kind, 1), kind).toEqual(sorted);
        expect(await rowsOf(store(), kind, 1_000), kind).toEqual(sorted);
      }
    });

    test('a row that is put again with other values replaces the one before', async () => {
      await store().put('accounts', [['ann', 'hash', 'Ann', 1]]);
      await store().put('accounts', [['ann', 'other', 'Ann', 1]]);
      const entry = (unread: number): MovedRow => {
        const id = samples.nextId();
        return ['bob', ANN_BOB, id, 'ann', 'hi', 5, '', unread, '', 0, '', 1, 0];
      };
      await store().put('conversation_entries', [entry(1)]);
      const last = entry(2);
      await store().put('conversation_entries', [last]);
      await store().finish();
      expect(await rowsOf(store(), 'accounts')).toEqual([['ann', 'other', 'Ann', 1]]);
      expect(await rowsOf(store(), 'conversation_entries')).toEqual([last]);
    });

    test('C3, C4, C8, C10: a moved conversation has its log, counts, marks and states, and knows resends', async () => {
      const { conversations, conversationStates } = subject.current;
      const messages = [1, 2, 3].map(() => toRecord(samples.message({ from: 'ann', to: 'bob' })));
      const [first, second] = messages as [(typeof messages)[0], (typeof messages)[0], (typeof messages)[0]];
      await conversations.record(messages);
      const mark = { userId: 'bob', conversationId: ANN_BOB, upTo: first.messageId, at: 7, node: 'n' };
      await conversations.markRead(mark);
      const key = { userId: 'bob', conversationId: ANN_BOB };
      await conversationStates.change(key, { archived: true }, 8);
      await conversationStates.hide(key, [second.messageId], 9);
      const shown = async () => {
        const { logs, ...ports } = subject.current;
        const page = async (log: string) => ({ ...(await logs.page(log, 0, 100)), epoch: '' });
        return [
          await Promise.all(['ann', 'bob'].map(page)),
          await ports.conversations.entries([key]),
          await ports.conversations.list('bob', 5),
          await ports.conversations.unread('bob'),
          await ports.conversationStates.get([key]),
          await ports.conversationStates.hiddenAmong('bob', messages),
        ];
      };
      const before = await shown();
      const all = await everything();
      await subject.fresh();
      await putAll(all);
      expect(await shown()).toEqual(before);
      expect(await everything()).toEqual(all);
      const moved = subject.current.conversations;
      const [resent] = await moved.record([{ ...first, messageId: samples.nextId() }]);
      expect(resent).toMatchObject({ result: 'duplicate', messageId: first.messageId });
      const [next] = await moved.record([toRecord(samples.message({ from: 'ann', to: 'bob' }))]);
      expect(next).toMatchObject({ result: 'recorded' });
      expect(await moved.unread('bob')).toMatchObject({ total: 3 });
      expect((await moved.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
    });

    test('a note about the store is kept, replaced and removed', async () => {
      expect(await store().note()).toBeNull();
      await store().setNote('one');
      await store().setNote('x'.repeat(255));
      expect(await store().note()).toBe('x'.repeat(255));
      await store().setNote(null);
      expect(await store().note()).toBeNull();
    });

    if (harness.reopen !== undefined) {
      test('rows and the note survive a kill', async () => {
        await store().put('accounts', MOVED_SAMPLES.accounts);
        await store().put('log_entries', MOVED_SAMPLES.log_entries);
        await store().setNote('one');
        await subject.reopen();
        expect(await rowsOf(store(), 'accounts')).toEqual(MOVED_SAMPLES.accounts);
        expect(await rowsOf(store(), 'log_entries')).toEqual(MOVED_SAMPLES.log_entries);
        expect(await store().note()).toBe('one');
      });
    }
  });
}
