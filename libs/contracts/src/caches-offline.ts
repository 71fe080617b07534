import type { StoredMessage } from '@chasqui/domain';
import type { OfflineCache } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples } from './samples.ts';

export interface OfflineCacheHarness extends Harness<OfflineCache> {
  /** How many messages per user the cache under test keeps: between 3 and 500. */
  offlinePerUser: number;
}

/** Everything that an `OfflineCache` promises. */
export function offlineCacheContract(name: string, harness: OfflineCacheHarness): void {
  describe(`offline cache: ${name}`, { timeout: 30_000 }, () => offlineTests(harness));
}

function offlineTests(harness: OfflineCacheHarness): void {
  const subject = subjectOf(harness, (cache) => [cache]);
  const samples = createSamples(harness.clock);
  const cache = () => subject.current;
  const stored = (text: string): StoredMessage => ({
    ...samples.message({ from: 'ann', to: 'bob', content: { text, data: { emoji: '👋' } } }),
    statuses: { bob: 'unread' },
    revision: 0,
    steps: [{ state: 'stored', at: 1, node: 'n' }],
  });

  test('messages are given in the order of the ids, null where one is not cached', async () => {
    const [a, b] = [stored('你好'), stored('b')];
    await cache().add('bob', [a, b]);
    expect(await cache().get('bob', [b.messageId, samples.nextId(), a.messageId])).toEqual([b, null, a]);
    expect(await cache().get('ann', [a.messageId])).toEqual([null]);
    expect(await cache().get('bob', [])).toEqual([]);
    await cache().add('bob', []);
  });

  test('C15: what a sender names its keys means nothing', async () => {
    const data = JSON.parse('{"constructor":1,"toJSON":1,"hasOwnProperty":null,"then":{},"length":-1}');
    const odd = { ...stored('odd'), content: { data } };
    await cache().add('bob', [odd]);
    expect(await cache().get('bob', [odd.messageId])).toEqual([odd]);
  });

  test('a message that is added again takes the place of its older copy', async () => {
    const message = stored('a');
    await cache().add('bob', [message]);
    await cache().add('bob', [{ ...message, statuses: { bob: 'delivered' }, revision: 1, recalledAt: 5, content: {} }]);
    expect(await cache().get('bob', [message.messageId])).toEqual([
      { ...message, statuses: { bob: 'delivered' }, revision: 1, recalledAt: 5, content: {} },
    ]);
  });

  test('dropped messages are gone for that user; dropping what is absent is fine', async () => {
    const [a, b] = [stored('a'), stored('b')];
    await cache().add('bob', [a, b]);
    await cache().add('cat', [a]);
    await cache().drop('bob', [a.messageId, samples.nextId()]);
    await cache().drop('nobody', [a.messageId]);
    expect(await cache().get('bob', [a.messageId, b.messageId])).toEqual([null, b]);
    expect(await cache().get('cat', [a.messageId])).toEqual([a]);
  });

  test('C16: beyond the bound of a user the oldest go first, and other users keep theirs', async () => {
    const first = stored('first of all');
    await cache().add('cat', [first]);
    const messages = Array.from({ length: harness.offlinePerUser + 3 }, (_, i) => stored(`text ${i}`));
    await cache().add('bob', messages.slice(0, 2));
    await cache().add('bob', messages.slice(2));
    const found = await cache().get(
      'bob',
      messages.map(({ messageId }) => messageId),
    );
    expect(found).toEqual([null, null, null, ...messages.slice(3)]);
    expect(await cache().get('cat', [first.messageId])).toEqual([first]);
  });
}
