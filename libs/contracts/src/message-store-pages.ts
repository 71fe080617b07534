import { defined, type Message, type StoredMessage, storedStatus } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  change,
  keyOf,
  type MessageStoreHarness,
  messageStoreFixture,
  toPut,
} from './message-store-fixture.ts';

export function pageTests(harness: MessageStoreHarness): void {
  const { subject, samples, store, stored, put, get, recall } = messageStoreFixture(harness);
  const idsOf = (messages: readonly Message[]): string[] => messages.map(({ messageId }) => messageId);

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

  test('an empty store scans to nothing, and a healthy one answers', async () => {
    expect(await store().scan(null, 10)).toEqual({ messages: [], cursor: null });
    await store().put([]);
    await store().ping();
  });

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
