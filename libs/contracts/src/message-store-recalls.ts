import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  change,
  type MessageStoreHarness,
  messageStoreFixture,
  toPut,
} from './message-store-fixture.ts';

/** Recalls, and the order of actions. */
export function recallTests(harness: MessageStoreHarness): void {
  const { samples, store, put, get, recall } = messageStoreFixture(harness);
  const putOne = async () => (await put({}))[0] ?? expect.fail();

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
