import { defined, laterStatus, MESSAGE_STATUSES, type MessageStep } from '@chasqui/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  change,
  keyOf,
  type MessageStoreHarness,
  messageStoreFixture,
} from './message-store-fixture.ts';

export function statusTests(harness: MessageStoreHarness): void {
  const { samples, store, put, get } = messageStoreFixture(harness);
  const putOne = async () => (await put({}))[0] ?? expect.fail();

  test('C7: a status rises, in any steps, and each rise is noted with its time and place', async () => {
    const message = await putOne();
    expect(await store().raise([change(message, 'unread', 10, 'n1')])).toEqual(['raised']);
    expect(await store().raise([change(message, 'read', 30, 'n2')])).toEqual(['raised']);
    const { status, steps } = (await get(message)) ?? expect.fail();
    expect(status).toBe('read');
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
    const { status, steps } = (await get(message)) ?? expect.fail();
    expect(status).toBe('delivered');
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
    expect((await get(a))?.status).toBe('read');
    expect((await get(b))?.status).toBe('read');
    expect(await get(absent)).toBeNull();
    expect(await store().raise([])).toEqual([]);
  });

  test('C15: nobody raises the status of a message that came to someone else', async () => {
    const message = await putOne();
    const forged = [ANN, 'eve'].map((to) => ({ ...change(message, 'read', 10), to }));
    expect(await store().raise(forged)).toEqual(['missing', 'missing']);
    expect(await get(message)).toMatchObject({ to: BOB, status: 'stored' });
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
        const { status, steps } = (await get(message)) ?? expect.fail();
        expect(status).toBe(furthest);
        expect(new Set(steps.map(({ state }) => state)).size).toBe(steps.length);
        expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b));
        const raisedTo = waves.flat().filter((_, i) => results.flat()[i] === 'raised');
        expect(new Set(raisedTo).size).toBe(raisedTo.length);
        expect(raisedTo.includes(furthest)).toBe(furthest !== 'stored');
      }),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });

  test('a recall empties the content, says when and who, and keeps status and place', async () => {
    const [before, message, after] = await put({}, { text: 'a secret', content: { data: { a: 1 } } }, {});
    if (before === undefined || message === undefined || after === undefined) expect.fail();
    await store().raise([change(message, 'delivered', 10)]);
    const at = message.sentAt + 60;
    expect(await store().recall(keyOf(message), at, 'n9')).toBe(true);
    expect(await store().recall(keyOf(message), at, 'n9')).toBe(true);
    const recalled = (await get(message)) ?? expect.fail();
    expect(recalled).toMatchObject({ content: {}, recalledAt: at, status: 'delivered' });
    expect(recalled.content).toEqual({});
    expect(recalled.steps.filter(({ state }) => state === 'recalled')).toEqual([{ state: 'recalled', at, node: 'n9' }]);
    expect((await store().page(ANN_BOB, { limit: 10 }))[1]).toEqual(recalled);
    expect((await get(before))?.recalledAt).toBeUndefined();
  });

  test('C3: a put that is repeated after a recall does not bring the content back; a late status still rises', async () => {
    const message = await putOne();
    await store().recall(keyOf(message), message.sentAt + 60, 'n');
    await store().put([{ message, steps: [] }]);
    expect((await get(message))?.content).toEqual({});
    expect(await store().raise([change(message, 'read', 70)])).toEqual(['raised']);
    expect(await get(message)).toMatchObject({ status: 'read', content: {} });
  });

  test('what is not there cannot be recalled', async () => {
    expect(await store().recall({ conversationId: ANN_BOB, messageId: samples.nextId() }, 1, 'n')).toBe(false);
  });
}
