import {
  defined,
  directAudience,
  encodeMessage,
  groupLog,
  type Message,
  type MessageStep,
  type StoredMessage,
  storedStatus,
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

export function pageTests(harness: MessageStoreHarness): void {
  const { subject, samples, store, stored, put, get, recall } = messageStoreFixture(harness);
  const idsOf = (messages: readonly Message[]): string[] => messages.map(({ messageId }) => messageId);

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

  test('messages are given in the order of the keys, null where there is none', async () => {
    const [a, b] = await put({}, {});
    if (a === undefined || b === undefined) expect.fail();
    const absent = { conversationId: ANN_BOB, messageId: samples.nextId() };
    const found = await store().get([b, absent, a, b].map(keyOf));
    expect(found.map((message) => message?.messageId)).toEqual([b.messageId, undefined, a.messageId, b.messageId]);
    expect(found[1]).toBeNull();
    expect((await store().get([{ conversationId: 'ann~cat', messageId: a.messageId }]))[0]).toBeNull();
    expect(await store().get([])).toEqual([]);
  });

  test('C3: a second put of a message changes nothing', async () => {
    const [message] = await put({ text: 'first' });
    if (message === undefined) expect.fail();
    await store().raise([change(message, 'delivered', 50)]);
    const before = await get(message);
    await store().put([toPut({ ...message, content: { text: 'other' } })]);
    expect(await get(message)).toEqual(before);
    expect(await store().page(ANN_BOB, { limit: 10 })).toHaveLength(1);
  });

  test('C5: a page is one conversation, newest first, at most its limit', async () => {
    const messages = await put(...Array.from({ length: 7 }, () => ({})));
    await put({ to: 'cat' }, { from: 'bob2', to: 'ann' });
    const ids = idsOf(messages);
    expect(await store().page(ANN_BOB, { limit: 3 })).toEqual(messages.slice(4).map(stored).reverse());
    expect(idsOf(await store().page(ANN_BOB, { limit: 100 }))).toEqual(ids.toReversed());
    const middle = ids[3] ?? '';
    expect(idsOf(await store().page(ANN_BOB, { limit: 2, before: middle }))).toEqual([ids[2], ids[1]]);
    expect(idsOf(await store().page(ANN_BOB, { limit: 2, after: middle }))).toEqual([ids[6], ids[5]]);
    const between = { limit: 10, after: ids[1] ?? '', before: ids[5] ?? '' };
    expect(idsOf(await store().page(ANN_BOB, between))).toEqual([ids[4], ids[3], ids[2]]);
    expect(await store().page(ANN_BOB, { limit: 10, before: ids[0] ?? '' })).toEqual([]);
    expect(await store().page('nobody~nothing', { limit: 10 })).toEqual([]);
  });

  test('C3: walking back by pages meets every message once, also when they were put out of order', async () => {
    const messages = Array.from({ length: 23 }, () => samples.message({ from: ANN, to: BOB }));
    const shuffled = messages.flatMap((_, i) => messages[(i * 7) % messages.length] ?? []);
    await Promise.all(shuffled.map((message) => store().put([toPut(message)])));
    const seen: StoredMessage[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)?.messageId) {
      const page = await store().page(ANN_BOB, { limit: 4, ...defined({ before }) });
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(idsOf(seen)).toEqual(idsOf(messages).reverse());
  });

  test('removed messages are gone everywhere; removing what is absent is fine', async () => {
    const [a, b] = await put({}, {});
    if (a === undefined || b === undefined) expect.fail();
    await store().remove([keyOf(a), { conversationId: ANN_BOB, messageId: samples.nextId() }]);
    await store().remove([keyOf(a)]);
    expect(await get(a)).toBeNull();
    expect(idsOf(await store().page(ANN_BOB, { limit: 10 }))).toEqual([b.messageId]);
    expect(await harness.locator?.().locate(a.messageId)).toBe(harness.locator === undefined ? undefined : null);
  });

  test('a scan meets every message once', async () => {
    const peers = Array.from({ length: 6 }, (_, i) => `peer${i}`);
    const messages = await put(...peers.flatMap((to) => [{ to }, { to }, { to }]), { to: 'one-more' });
    const seen: StoredMessage[] = [];
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
      const page: Awaited<ReturnType<ReturnType<typeof store>['scan']>> = await store().scan(cursor, 3);
      expect(page.messages.length).toBeLessThanOrEqual(3);
      expect(pages).toBeLessThan(40);
      seen.push(...page.messages);
      cursor = page.cursor;
    }
    const inOrder = seen.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
    expect(inOrder).toEqual(messages.map(stored));
  });

  test('where the order of arrival is known, the newest arrivals come first, with their statuses', async () => {
    if (store().recent === undefined) return expect(harness.locator).toBeDefined();
    const messages = await put({}, { to: 'cat' }, { from: 'bob2', to: 'ann' }, {}, {});
    const [first] = messages as [Message];
    await store().raise([change(first, 'delivered', 10)]);
    const seen: StoredMessage[] = [];
    let cursor: string | null = null;
    do {
      const page = (await store().recent?.(cursor, 2)) as Awaited<ReturnType<ReturnType<typeof store>['scan']>>;
      expect(page.messages.length).toBeLessThanOrEqual(2);
      seen.push(...page.messages);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(idsOf(seen)).toEqual(idsOf(messages).toReversed());
    expect(seen.map(({ statuses }) => statuses)).toEqual([{}, {}, {}, {}, { [BOB]: 'delivered' }]);
  });

  test('C9: what was begun to be looked at stays begun until the last who began has ended', async () => {
    const { recent, beginLookBack, endLookBack } = store();
    expect([beginLookBack, endLookBack].map((ability) => ability !== undefined)).toEqual(
      Array(2).fill(recent !== undefined),
    );
    if (beginLookBack === undefined || endLookBack === undefined) return;
    expect(await beginLookBack(500, 1_000)).toBe(500);
    expect(await beginLookBack(700, 2_000)).toBe(500);
    await endLookBack(1_000);
    expect(await beginLookBack(900, 3_000)).toBe(500);
    await endLookBack(3_000);
    await endLookBack(3_000);
    expect(await beginLookBack(950, 4_000)).toBe(950);
    expect(await beginLookBack(400, 5_000)).toBe(400);
    await endLookBack(5_000);
  });

  test('an empty store scans to nothing, and a healthy one answers', async () => {
    expect(await store().scan(null, 10)).toEqual({ messages: [], cursor: null });
    await store().put([]);
    await store().ping();
  });

  if (harness.locator !== undefined) {
    const locator = harness.locator;
    test('a message is located by its id alone', async () => {
      const [message] = await put({}, {});
      if (message === undefined) expect.fail();
      expect(await locator().locate(message.messageId)).toEqual(keyOf(message));
      expect(await locator().locate(samples.nextId())).toBeNull();
    });

    test('C5: the newest id is told, if the store knows it at all', async () => {
      expect(await locator().newest()).toBeNull();
      const [early, late] = [samples.nextId(), samples.nextId()];
      await put({ messageId: late }, { messageId: early });
      expect([late, null]).toContain(await locator().newest());
    });
  }

  if (harness.reopen !== undefined) {
    test('C2, C3: what was resolved survives a kill', async () => {
      const [a, b, c] = await put({}, {}, {});
      if (a === undefined || b === undefined || c === undefined) expect.fail();
      await store().raise([change(a, 'read', 9)]);
      await recall(b, 9);
      await store().remove([keyOf(c)]);
      const before = await store().get([a, b, c].map(keyOf));
      await subject.reopen();
      expect(await store().get([a, b, c].map(keyOf))).toEqual(before);
      expect(before.map((message) => message && storedStatus(message, BOB))).toEqual(['read', 'stored', null]);
      expect(before.map((message) => message?.revision)).toEqual([0, 1, undefined]);
      expect(await recall(b, 9)).toBe('superseded');
    });
  }
}
