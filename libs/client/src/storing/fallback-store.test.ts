import { describe, expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { fallbackStore } from './fallback-store.ts';
import { localStorageStore, memoryStore } from './store.ts';

function failing(fails: () => boolean) {
  const inner = memoryStore();
  const wrapped =
    <A extends unknown[], R>(action: (...args: A) => R) =>
    (...args: A): R => {
      if (fails()) throw new Error('quota');
      return action(...args);
    };
  const { get, set, remove, keys } = inner;
  return { inner, store: { get, set: wrapped(set), remove, keys } };
}

describe('a store that is full', () => {
  test('keeps in memory what it does not take, tells once, and tells when everything is in it again', () => {
    let full = false;
    const { inner, store } = failing(() => full);
    const told: (string | undefined)[] = [];
    const kept = fallbackStore(store, (error) => told.push(error?.code));
    kept.set('a', '1');
    full = true;
    kept.set('a', '2');
    kept.set('b', '1');
    expect([kept.get('a'), kept.get('b'), inner.get('a')]).toEqual(['2', '1', '1']);
    expect(kept.keys().toSorted()).toEqual(['a', 'b']);
    expect(told).toEqual(['store_unavailable']);
    kept.remove('b');
    expect(kept.get('b')).toBeNull();
    full = false;
    kept.set('a', '3');
    expect(inner.get('a')).toBe('3');
    expect(told).toEqual(['store_unavailable', undefined]);
  });
});

describe('a store that is denied', () => {
  test('is memory: nothing is thrown, whatever is called', () => {
    const told: unknown[] = [];
    const denied = localStorageStore('chat', () => {
      throw new DOMException('denied', 'SecurityError');
    });
    const kept = fallbackStore(denied, (error) => told.push(error?.cause));
    expect([kept.get('a'), kept.keys()]).toEqual([null, []]);
    kept.set('a', '1');
    expect([kept.get('a'), kept.keys()]).toEqual(['1', ['a']]);
    kept.remove('a');
    expect(kept.get('a')).toBeNull();
    expect(told).toEqual([expect.objectContaining({ name: 'SecurityError' })]);
  });
});

test('a client whose store is denied works, and says so by its state and, to handlers that are added at once, an event', async () => {
  const denied = localStorageStore('chat', () => {
    throw new DOMException('denied', 'SecurityError');
  });
  const transport = () => ({ send: () => undefined, close: () => undefined });
  const client = createClient({ token: 'jwt', deviceId: 'phone', urls: ['ws://node'], store: denied, transport });
  const told: unknown[] = [];
  client.on('storage', ({ error }) => told.push(error?.code));
  expect(client.storageError?.code).toBe('store_unavailable');
  await Promise.resolve();
  expect(told).toEqual(['store_unavailable']);
  const sent = client.send({ to: 'bob', content: { text: 'hello' } });
  expect([sent.state, client.conversation('bob').messages.length]).toEqual(['sending', 1]);
  client.close();
});
