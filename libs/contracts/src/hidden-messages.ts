import { type LogEntry, STATE_LIMITS } from '@chasqui/domain';
import type { ConversationStateStore } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type Conversations } from './conversations-fixture.ts';

type Stores = Conversations & { conversationStates: ConversationStateStore };

const BOBS = { userId: BOB, conversationId: ANN_BOB };
const idOf = (n: number) => n.toString(16).padStart(24, '0');

/** What `ConversationStateStore` promises of messages that a user deletes for themselves. */
export function hiddenTests(subject: { readonly current: Stores; reopen(): Promise<unknown> }, reopens: boolean): void {
  const states = () => subject.current.conversationStates;
  const hide = (ids: string[], at = 5, key = BOBS) => states().hide(key, ids, at);
  const isHidden = async (ids: string[], userId = BOB, conversationId = ANN_BOB) =>
    states().hiddenAmong(
      userId,
      ids.map((messageId) => ({ conversationId, messageId })),
    );
  const inbox = async (userId: string): Promise<LogEntry[]> =>
    (await subject.current.logs.page(userId, 0, 100)).entries;

  test('C10: hiding messages is the user’s alone, and comes into the user’s inbox, naming what is new', async () => {
    const [a, b, c] = [idOf(1), idOf(2), idOf(3)];
    expect(await isHidden([a, b])).toEqual([false, false]);
    expect(await hide([a, b, a])).toBe(1);
    expect(await hide([b, c], 6)).toBe(2);
    expect(await inbox(BOB)).toEqual([
      { type: 'hidden', conversationId: ANN_BOB, messageIds: [a, b], at: 5, position: 1 },
      { type: 'hidden', conversationId: ANN_BOB, messageIds: [c], at: 6, position: 2 },
    ]);
    expect(await isHidden([c, idOf(4), a])).toEqual([true, false, true]);
    expect(await isHidden([a], ANN)).toEqual([false]);
    expect(await isHidden([a], BOB, 'bob~cat')).toEqual([false]);
    expect(await inbox(ANN)).toEqual([]);
    expect(await states().hiddenAmong(BOB, [])).toEqual([]);
  });

  test('C4: a repeat writes nothing', async () => {
    expect(await hide([idOf(1)])).toBe(1);
    expect(await hide([idOf(1)], 9)).toBeNull();
    expect(await hide([])).toBeNull();
    expect(await inbox(BOB)).toHaveLength(1);
  });

  test('of the same messages hidden at the same time, each is in one update', async () => {
    const ids = [idOf(1), idOf(2), idOf(3)];
    await Promise.all([hide(ids), hide(ids.toReversed()), hide(ids)]);
    expect(await inbox(BOB)).toHaveLength(1);
  });

  test(`C16: ${STATE_LIMITS.maxHiddenPerUser} messages and no more, until some are dropped`, {
    timeout: 240_000,
  }, async () => {
    const { maxHiddenPerUser, maxHiddenAtOnce } = STATE_LIMITS;
    for (let n = 0; n < maxHiddenPerUser; n += maxHiddenAtOnce) {
      await hide(Array.from({ length: maxHiddenAtOnce }, (_, i) => idOf(n + i)));
    }
    const refused = hide([idOf(0), idOf(maxHiddenPerUser)]);
    await expect(refused).rejects.toMatchObject({ code: 'limit_reached', details: { field: 'messageIds' } });
    expect(await isHidden([idOf(maxHiddenPerUser)])).toEqual([false]);
    expect(await hide([idOf(7)])).toBeNull();
    expect(await states().dropHidden(BOB, 4)).toBe(4);
    expect(await hide([idOf(maxHiddenPerUser)])).toBe(maxHiddenPerUser / maxHiddenAtOnce + 1);
    expect(await states().dropHidden(BOB, maxHiddenPerUser)).toBe(maxHiddenPerUser - 3);
    expect(await states().dropHidden(BOB, 9)).toBe(0);
    expect(await states().dropHidden('nobody', 9)).toBe(0);
  });

  if (!reopens) return;
  test('C2: what was hidden survives a kill, with its update', async () => {
    await hide([idOf(1), idOf(2)]);
    await subject.reopen();
    expect(await isHidden([idOf(2), idOf(3)])).toEqual([true, false]);
    expect(await inbox(BOB)).toMatchObject([{ type: 'hidden', messageIds: [idOf(1), idOf(2)] }]);
    expect(await hide([idOf(1)])).toBeNull();
  });
}
