import {
  addresseesOf,
  directAudience,
  laterStatus,
  MESSAGE_STATUSES,
  type Message,
  type MessageStatus,
  overallStatus,
  storedStatus,
} from '@chasqui/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, change, type MessageStoreHarness, messageStoreFixture } from './message-store-fixture.ts';

/** A message with three inboxes in its audience and two addressees. */
const TO_THREE = { conversationId: 'three', audience: [ANN, BOB, CAT] };

/** A status for each member whom a message is addressed to. */
export function memberStatusTests(harness: MessageStoreHarness): void {
  const { store, put, get } = messageStoreFixture(harness);
  const putOne = async () => (await put({}))[0] ?? expect.fail();

  test('C15: nobody acks for another: who is no addressee raises nothing', async () => {
    const message = await putOne();
    const [three] = await put(TO_THREE);
    const forged = [ANN, 'eve', CAT].map((member) => ({ ...change(message, 'read', 10), member }));
    const more = [ANN, 'eve'].map((member) => ({ ...change(three as Message, 'read', 10), member }));
    expect(await store().raise([...forged, ...more])).toEqual(Array(5).fill('missing'));
    for (const one of [message, three as Message]) expect((await get(one))?.statuses).toEqual({});
  });

  test('C7: a message that comes to its sender alone can still be unread for the one it is addressed to', async () => {
    const [message] = await put({ audience: directAudience(ANN, BOB, true) });
    if (message === undefined) expect.fail();
    expect(await store().raise([change(message, 'unread', 10)])).toEqual(['raised']);
    const found = (await get(message)) ?? expect.fail();
    expect(found).toMatchObject({ audience: [ANN], statuses: { [BOB]: 'unread' } });
    expect(overallStatus(found)).toBe('unread');
  });

  test('C7: each member has a status of their own, and the message has come as far as for the least of them', async () => {
    const [three, direct] = await put(TO_THREE, { from: BOB, to: ANN });
    if (three === undefined || direct === undefined) expect.fail();
    expect(addresseesOf(three)).toEqual([BOB, CAT]);
    const to = (member: string, status: MessageStatus, after: number) => ({ ...change(three, status, after), member });
    const changes = [
      to(BOB, 'read', 10),
      to(CAT, 'unread', 11),
      change(direct, 'delivered', 12),
      to(BOB, 'unread', 13),
    ];
    expect(await store().raise(changes)).toEqual(['raised', 'raised', 'raised', 'further']);
    const found = (await get(three)) ?? expect.fail();
    expect(found.statuses).toEqual({ [BOB]: 'read', [CAT]: 'unread' });
    expect(overallStatus(found)).toBe('unread');
    expect((await get(direct))?.statuses).toEqual({ [ANN]: 'delivered' });
    expect(await store().raise([to(CAT, 'delivered', 20), to(BOB, 'read', 21), to(CAT, 'read', 22)])).toEqual([
      ...['raised', 'same', 'raised'],
    ]);
    expect(overallStatus((await get(three)) ?? expect.fail())).toBe('read');
  });

  test('C7: whatever arrives in whatever order, at once or one by one, the furthest status stands', async () => {
    const wave = fc.array(fc.constantFrom(...MESSAGE_STATUSES), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(wave, { minLength: 1, maxLength: 4 }), async (waves) => {
        const message = await putOne();
        const results = await Promise.all(
          waves.map((statuses, i) => store().raise(statuses.map((status) => change(message, status, 30 - i, `n${i}`)))),
        );
        const furthest = waves.flat().reduce(laterStatus, 'stored');
        const found = (await get(message)) ?? expect.fail();
        const { steps } = found;
        expect(storedStatus(found, BOB)).toBe(furthest);
        expect(new Set(steps.map(({ state }) => state)).size).toBe(steps.length);
        expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
        const raisedTo = waves.flat().filter((_, i) => results.flat()[i] === 'raised');
        expect(new Set(raisedTo).size).toBe(raisedTo.length);
        expect(raisedTo.includes(furthest)).toBe(furthest !== 'stored');
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
