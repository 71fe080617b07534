import {
  directAudience,
  encodeMessage,
  groupLog,
  type Message,
  type MessageStep,
  type StoredMessage,
} from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  change,
  keyOf,
  type MessageStoreHarness,
  messageStoreFixture,
  toPut,
} from './message-store-fixture.ts';

const contentText = ({ content }: Message) => JSON.stringify(content);

/** A message comes back with all that it was put with. */
export function contentTests(harness: MessageStoreHarness): void {
  const { samples, store, stored, put, get, recall } = messageStoreFixture(harness);

  test('a message comes back as it was put, at nobody’s status, with its steps', async () => {
    const content = { text: '你好 👋\n"quoted"\u0000', data: { nested: { list: [1, null, true, 'é'] }, empty: {} } };
    const [message] = await put({ content });
    expect(message && (await get(message))).toEqual(message && stored(message));
    const [onlyData] = await put({ content: { data: { image: 'x' } }, from: BOB, to: ANN, fromDevice: 'laptop' });
    expect(onlyData && (await get(onlyData))).toEqual(onlyData && stored(onlyData));
  });

  test('the text of a message comes back character for character, whatever its sender named its keys', async () => {
    const data =
      '{"z":1,"a":{"10":0.1,"2":1e21,"__proto__":[],"constructor":"\\u0007é𝄞"},"audience":["x"],"silenced":true}';
    const message = samples.message({ from: ANN, to: BOB, content: { text: 'a', data: JSON.parse(data) } });
    const { text } = encodeMessage(message);
    await store().put([{ message, text, steps: [] }]);
    const found = [await get(message), (await store().page(ANN_BOB, { limit: 1 }))[0]];
    for (const one of found) expect(contentText(one ?? expect.fail())).toBe(contentText(message));
    expect(found[0]).toEqual({ ...stored(message), steps: [] });
    await store().raise([change(message, 'delivered', 9)]);
    expect(contentText((await get(message)) ?? expect.fail())).toBe(contentText(message));
  });

  test('C19: a message of a group comes back with its log and its mentions, and is paged by id', async () => {
    const fields = { kind: 'group' as const, conversationId: 'team', audience: [groupLog('team')] };
    const messages = await put({ ...fields, mentions: [BOB, CAT] }, { ...fields, from: BOB, mentions: 'all' }, fields);
    const [a, b, c] = messages.map(stored) as [StoredMessage, StoredMessage, StoredMessage];
    expect(await store().get(messages.map(keyOf))).toEqual([a, b, c]);
    const page = (options: { before?: string; after?: string }) => store().page('team', { ...options, limit: 2 });
    expect(await page({})).toEqual([c, b]);
    expect(await page({ before: c.messageId })).toEqual([b, a]);
    expect(await page({ after: b.messageId })).toEqual([c]);
    await recall(a, 7);
    expect(await get(a)).toMatchObject({ content: {}, mentions: [BOB, CAT], audience: [groupLog('team')] });
  });

  test('C2: a message comes back with what it answers, also once it was recalled', async () => {
    const [message] = await put({ replyTo: { messageId: '0'.repeat(24) } });
    const answer = stored(message as Message);
    expect(await get(answer)).toEqual(answer);
    await recall(answer, 7);
    expect(await get(answer)).toMatchObject({ content: {}, replyTo: { messageId: '0'.repeat(24) } });
  });

  test('C2: a forwarded message comes back with its first author, and without once it was recalled', async () => {
    const forwarded = { from: CAT, at: 7 };
    const [message] = await put({ forwarded });
    const forward = stored(message as Message);
    expect(await get(forward)).toEqual(forward);
    await recall(forward, 7);
    expect(await get(forward)).not.toHaveProperty('forwarded');
  });

  test('C13: a message comes back with its audience: its sender’s inbox alone, two or more', async () => {
    const audiences = [directAudience(ANN, BOB, true), directAudience(ANN, BOB), [ANN, BOB, CAT]];
    const messages = await put(
      { audience: audiences[0] as string[] },
      {},
      { conversationId: 'three', audience: audiences[2] as string[] },
    );
    const found = await store().get(messages.map(keyOf));
    expect(found.map((message) => message?.audience)).toEqual(audiences);
    expect(found).toEqual(messages.map(stored));
    expect(await store().page('three', { limit: 10 })).toEqual(messages.slice(2).map(stored));
    expect((await store().scan(null, 10)).messages).toHaveLength(3);
  });

  test('each step of a put keeps its node and how often it was tried', async () => {
    const message = samples.message({ from: ANN, to: BOB });
    const { sentAt } = message;
    const steps: MessageStep[] = [
      { state: 'dispatching', at: sentAt + 1, node: 'n1' },
      { state: 'queued', at: sentAt + 3, node: 'n1' },
      { state: 'storing', at: sentAt + 7, node: 'a b', retries: 12 },
    ];
    await store().put([toPut(message, steps.toReversed())]);
    expect((await get(message))?.steps).toEqual(steps);
  });
}
