import {
  addresseesOf,
  defined,
  directAudience,
  laterStatus,
  MESSAGE_STATUSES,
  type Message,
  type MessageStatus,
  type MessageStep,
  overallStatus,
  storedStatus,
} from '@chasqui/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  change,
  type MessageStoreHarness,
  messageStoreFixture,
  toPut,
} from './message-store-fixture.ts';

/** A message with three inboxes in its audience and two addressees. */
const TO_THREE = { conversationId: 'three', audience: [ANN, BOB, CAT] };

export function statusTests(harness: MessageStoreHarness): void {
  const { samples, store, put, get, recall } = messageStoreFixture(harness);
  const putOne = async () => (await put({}))[0] ?? expect.fail();

  test('C7: a status rises, in any steps, and each rise is noted with its time and place', async () => {
    const message = await putOne();
    expect(await store().raise([change(message, 'unread', 10, 'n1')])).toEqual(['raised']);
    expect(await store().raise([change(message, 'read', 30, 'n2')])).toEqual(['raised']);
    const { statuses, steps } = (await get(message)) ?? expect.fail();
    expect(statuses).toEqual({ [BOB]: 'read' });
    expect(steps.map(({ state }) => state)).toEqual(['queued', 'stored', 'unread', 'read']);
    expect(steps.at(-1)).toEqual({ state: 'read', at: message.sentAt + 30, node: 'n2' });
  });

  test('C7: what came before a rise is noted with it, each state once, and not without it', async () => {
    const message = await putOne();
    const step = (state: MessageStep['state'], after: number, node: string, retries?: number): MessageStep => ({
      state,
      at: message.sentAt + after,
      node,
      ...defined({ retries }),
    });
    const before = [step('pushed_live', 8, 'n2'), step('stored', 9, 'a node'), step('indexed', 31, 'b1', 2)];
    const rise = { ...change(message, 'unread', 30, 'n1'), retries: 3, before };
    expect(await store().raise([rise])).toEqual(['raised']);
    expect(await store().raise([{ ...rise, before: [step('synced', 40, 'n3')] }])).toEqual(['same']);
    const again = { ...change(message, 'delivered', 50, 'n4'), before: [step('pushed_live', 49, 'n4')] };
    expect(await store().raise([again])).toEqual(['raised']);
    expect((await get(message))?.steps).toEqual([
      step('queued', 0, 'n1'),
      step('stored', 5, 'b1'),
      step('pushed_live', 8, 'n2'),
      step('unread', 30, 'n1', 3),
      step('indexed', 31, 'b1', 2),
      step('delivered', 50, 'n4'),
    ]);
  });

  test('C7: a status never falls, and says whether it was the same or further', async () => {
    const message = await putOne();
    await store().raise([change(message, 'delivered', 20)]);
    const late = (['unread', 'stored', 'delivered'] as const).map((status) => change(message, status, 20));
    expect(await store().raise(late)).toEqual(['further', 'further', 'same']);
    const { statuses, steps } = (await get(message)) ?? expect.fail();
    expect(statuses).toEqual({ [BOB]: 'delivered' });
    expect(new Set(steps.map(({ state }) => state)).size).toBe(steps.length);
  });

  test('results come in the order of the changes, also for one message twice and for missing ones', async () => {
    const [a, b] = await put({}, {});
    if (a === undefined || b === undefined) expect.fail();
    const absent = { ...a, messageId: samples.nextId() };
    const changes = [
      change(b, 'delivered', 1_000),
      change(absent, 'delivered', 1_000),
      change(a, 'read', 1_000),
      change(b, 'read', 1_001),
      change(a, 'delivered', 1_001),
      change(b, 'read', 1_002),
    ];
    expect(await store().raise(changes)).toEqual(['raised', 'missing', 'raised', 'raised', 'further', 'same']);
    expect((await get(a))?.statuses).toEqual({ [BOB]: 'read' });
    expect((await get(b))?.statuses).toEqual({ [BOB]: 'read' });
    expect(await get(absent)).toBeNull();
    expect(await store().raise([])).toEqual([]);
  });

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

  test('a recall empties the content, says when and who, and keeps statuses, audience and place', async () => {
    const [before, message, after] = await put({}, { text: 'a secret', content: { data: { a: 1 } } }, {});
    if (before === undefined || message === undefined || after === undefined) expect.fail();
    await store().raise([change(message, 'delivered', 10)]);
    const at = message.sentAt + 60;
    expect(await recall(message, 60)).toBe('applied');
    expect(await recall(message, 60)).toBe('superseded');
    const recalled = (await get(message)) ?? expect.fail();
    const who = { recalledAt: at, recalledBy: ANN };
    expect(recalled).toMatchObject({ ...who, content: {}, revision: 1, statuses: { [BOB]: 'delivered' } });
    expect(recalled.content).toEqual({});
    expect(recalled.steps.filter(({ state }) => state === 'recalled')).toEqual([{ state: 'recalled', at, node: 'n9' }]);
    expect((await store().page(ANN_BOB, { limit: 10 }))[1]).toEqual(recalled);
    expect(recalled.audience).toEqual(message.audience);
    expect(await get(before)).toMatchObject({ revision: 0 });
    expect(await get(before)).not.toHaveProperty('recalledAt');
    expect(await get(before)).not.toHaveProperty('recalledBy');
  });

  test('C7: actions on a message stand in the order of their revisions, whatever order they come in', async () => {
    const message = await putOne();
    expect(await recall(message, 60, 2)).toBe('applied');
    for (const revision of [1, 2]) expect(await recall(message, 70, revision)).toBe('superseded');
    expect(await get(message)).toMatchObject({ revision: 2, recalledAt: message.sentAt + 60 });
    expect(await recall(message, 80, 3)).toBe('applied');
    expect(await get(message)).toMatchObject({ revision: 3, recalledAt: message.sentAt + 80, content: {} });
  });

  test('of the same action at the same time one is applied', async () => {
    const message = await putOne();
    const results = await Promise.all(Array.from({ length: 4 }, () => recall(message, 60)));
    expect(results.toSorted()).toEqual(['applied', 'superseded', 'superseded', 'superseded']);
  });

  test('C3: a put that is repeated after a recall does not bring the content back; a late status still rises', async () => {
    const message = await putOne();
    await recall(message, 60);
    await store().put([toPut(message)]);
    expect((await get(message))?.content).toEqual({});
    expect(await store().raise([change(message, 'read', 70)])).toEqual(['raised']);
    expect(await get(message)).toMatchObject({ statuses: { [BOB]: 'read' }, content: {}, revision: 1 });
  });

  test('what is not there cannot be recalled', async () => {
    expect(await recall(samples.message({ from: ANN, to: BOB }), 1)).toBe('missing');
  });
}
