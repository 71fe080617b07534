import { defined, type MessageStep } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { BOB, change, type MessageStoreHarness, messageStoreFixture } from './message-store-fixture.ts';

export function statusTests(harness: MessageStoreHarness): void {
  const { samples, store, put, get } = messageStoreFixture(harness);
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
}
