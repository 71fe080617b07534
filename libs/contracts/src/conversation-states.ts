import { DEFAULT_STATE, directConversation, type LogEntry, STATE_LIMITS, type StateChange } from '@chasqui/domain';
import type { ConversationStateStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type Conversations } from './conversations-fixture.ts';
import { type Harness, subjectOf } from './harness.ts';
import { hiddenTests } from './hidden-messages.ts';
import { createSamples, toRecord } from './samples.ts';

/** States of conversations, and the stores that share their transactions. */
export interface ConversationStates extends Conversations {
  conversationStates: ConversationStateStore;
}

/** Everything that `ConversationStateStore` promises. */
export function conversationStatesContract(name: string, harness: Harness<ConversationStates>): void {
  describe(`ConversationStateStore: ${name}`, { timeout: 60_000 }, () => stateTests(harness));
}

const BOBS = { userId: BOB, conversationId: ANN_BOB };

function stateTests(harness: Harness<ConversationStates>): void {
  const subject = subjectOf(harness, (engine) => [engine.conversations, engine.logs, engine.conversationStates]);
  const samples = createSamples(harness.clock);
  const states = () => subject.current.conversationStates;
  const change = (changes: StateChange, at: number, key = BOBS) => states().change(key, changes, at);
  const stateOf = async (key = BOBS) => (await states().get([key]))[0];
  const inbox = async (userId: string): Promise<LogEntry[]> =>
    (await subject.current.logs.page(userId, 0, 100)).entries;
  const send = async () => {
    const message = samples.message({ from: ANN, to: BOB });
    await subject.current.conversations.record([toRecord(message)]);
    return message.messageId;
  };
  const read = (upTo: string) => subject.current.conversations.markRead({ ...BOBS, upTo, at: 1, node: 'n' });

  test('nothing is set at first, in a conversation that exists or not', async () => {
    await send();
    expect(await states().get([BOBS, { userId: 'nobody', conversationId: 'x~y' }])).toEqual([
      ...[DEFAULT_STATE, DEFAULT_STATE],
    ]);
    expect(await states().get([])).toEqual([]);
    expect(await states().of(BOB, { limit: 9 })).toEqual([]);
  });

  test('C10: a change is the user’s alone, and comes into the user’s inbox, in order with messages', async () => {
    await send();
    const notify = { level: 'none', until: 99 } as const;
    const changed = await change({ pinnedAt: 7, notify, draft: 'ünd "so"' }, 5);
    const state = { ...DEFAULT_STATE, pinnedAt: 7, notify, draft: 'ünd "so"', changedAt: 5 };
    expect(changed).toEqual({ state, position: 2 });
    await send();
    expect(await states().get([{ ...BOBS, userId: ANN }, BOBS])).toEqual([DEFAULT_STATE, state]);
    const entries = await inbox(BOB);
    expect(entries.map(({ type }) => type)).toEqual(['message', 'conversation_state', 'message']);
    expect(entries[1]).toEqual({
      type: 'conversation_state',
      conversationId: ANN_BOB,
      state: { pinnedAt: 7, notify, draft: 'ünd "so"', changedAt: 5 },
      position: 2,
    });
    expect((await inbox(ANN)).map(({ type }) => type)).toEqual(['message', 'message']);
  });

  test('a repeat changes nothing and writes nothing; another field leaves the first as it was', async () => {
    await change({ archived: true }, 1);
    expect(await change({ archived: true }, 2)).toMatchObject({ position: null, state: { changedAt: 1 } });
    expect(await change({ hiddenUpTo: 'm1' }, 3)).toMatchObject({
      position: 2,
      state: { archived: true, changedAt: 3 },
    });
    expect(await inbox(BOB)).toHaveLength(2);
  });

  test('C16: a state that is the default again is not kept', async () => {
    await change({ archived: true, draft: 'x' }, 1);
    expect(await change({ archived: false, draft: '' }, 2)).toEqual({ state: DEFAULT_STATE, position: 2 });
    expect(await stateOf()).toEqual(DEFAULT_STATE);
    expect(await states().of(BOB, { limit: 9 })).toEqual([]);
    expect((await inbox(BOB))[1]).toMatchObject({ type: 'conversation_state', state: {} });
  });

  test('what is cleared stays cleared', async () => {
    await change({ clearedUpTo: 'm5' }, 1);
    expect((await change({ clearedUpTo: 'm4' }, 2)).position).toBeNull();
    expect(await stateOf()).toMatchObject({ clearedUpTo: 'm5' });
  });

  test('C8: reading something newer undoes what was marked as unread; what was read before does not', async () => {
    const first = await send();
    await read(first);
    await change({ markedUnread: true }, 1);
    await read(first);
    await send();
    expect(await stateOf()).toMatchObject({ markedUnread: true });
    await change({ draft: 'x' }, 2);
    expect(await stateOf()).toMatchObject({ markedUnread: true });
    await read(await send());
    expect(await stateOf()).toMatchObject({ markedUnread: false, draft: 'x' });
    expect(await change({ markedUnread: true }, 3)).toMatchObject({ state: { markedUnread: true } });
    expect(await stateOf()).toMatchObject({ markedUnread: true });
    expect((await states().of(BOB, { limit: 9 }))[0]?.state).toMatchObject({ markedUnread: true });
  });

  test('C8: muting must not suppress unread counts, nor may any other setting', async () => {
    await send();
    const setAll = { markedUnread: true, archived: true, hiddenUpTo: 'f'.repeat(24), clearedUpTo: 'f'.repeat(24) };
    await change({ ...setAll, notify: { level: 'none', until: 0 } }, 1);
    const unread = { userId: BOB, total: 1, byConversation: { [ANN_BOB]: 1 }, position: 2 };
    expect(await subject.current.conversations.unread(BOB)).toEqual(unread);
    await send();
    expect(await subject.current.conversations.unread(BOB)).toMatchObject({
      total: 2,
      byConversation: { [ANN_BOB]: 2 },
    });
    expect((await subject.current.conversations.recount(null, { repair: false, limit: 9 })).drift).toEqual([]);
  });

  test('of changes made at the same time each counts once, and none is lost', async () => {
    const allChanges: StateChange[] = [{ archived: true }, { draft: 'x' }, { pinnedAt: 7 }, { archived: true }];
    const changes = await Promise.all(allChanges.map((changes, i) => change(changes, i + 1)));
    expect(changes.filter(({ position }) => position !== null)).toHaveLength(3);
    expect(await stateOf()).toMatchObject({ archived: true, draft: 'x', pinnedAt: 7 });
    expect(await inbox(BOB)).toHaveLength(3);
  });

  test('a user’s states come page by page, by conversation', async () => {
    const ids = ['dan', 'ann', 'cat'].map((peer) => directConversation(BOB, peer));
    for (const conversationId of ids) await change({ pinnedAt: 7 }, 1, { userId: BOB, conversationId });
    await change({ pinnedAt: 7 }, 1, { ...BOBS, userId: ANN });
    const [first, second] = [
      await states().of(BOB, { limit: 2 }),
      await states().of(BOB, { after: 'bob~cat', limit: 2 }),
    ];
    expect([first, second].map((page) => page.map(({ conversationId }) => conversationId))).toEqual([
      ...[['ann~bob', 'bob~cat'], ['bob~dan']],
    ]);
    expect(first[0]?.state).toEqual({ ...DEFAULT_STATE, pinnedAt: 7, changedAt: 1 });
  });

  test(`C16: ${STATE_LIMITS.maxStatesPerUser} conversations may differ from the default, and no more`, {
    timeout: 240_000,
  }, async () => {
    const { maxStatesPerUser } = STATE_LIMITS;
    const keyOf = (n: number) => ({ userId: BOB, conversationId: `bob~z${n}` });
    for (let n = 0; n < maxStatesPerUser; n += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, i) => change({ archived: true }, 1, keyOf(n + i))));
    }
    await expect(change({ archived: true }, 1, keyOf(maxStatesPerUser))).rejects.toMatchObject({
      code: 'limit_reached',
      details: { field: 'conversationId' },
    });
    expect((await change({ draft: 'x' }, 2, keyOf(0))).position).toBe(maxStatesPerUser + 1);
    await change({ archived: false }, 3, keyOf(1));
    expect((await change({ archived: true }, 4, keyOf(maxStatesPerUser))).position).toBe(maxStatesPerUser + 3);
  });

  hiddenTests(subject, harness.reopen !== undefined);
  if (harness.reopen === undefined) return;
  test('C2: a change that was acked survives a kill, with its update', async () => {
    const first = await send();
    await read(first);
    await change({ markedUnread: true, draft: 'x' }, 1);
    await subject.reopen();
    expect(await stateOf()).toEqual({ ...DEFAULT_STATE, markedUnread: true, draft: 'x', changedAt: 1 });
    expect((await inbox(BOB)).map(({ type }) => type)).toEqual(['message', 'read', 'conversation_state']);
    await read(await send());
    expect(await stateOf()).toMatchObject({ markedUnread: false });
  });
}
