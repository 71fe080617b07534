import { describe, expect, test } from 'vitest';
import { DurableState } from './durable-state.ts';
import { durableStore } from './durable-store.ts';
import { localStorageStore, memoryStore } from './store.ts';

function fakeStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

const always = (storage: Storage) => () => storage;

describe.each([
  ['memory', () => memoryStore()],
  ['localStorage', () => localStorageStore('chasqui', always(fakeStorage()))],
])('the %s store', (_, create) => {
  test('keeps, replaces, lists and removes texts', () => {
    const store = create();
    store.set('a/1', 'one');
    store.set('a/1', 'uno');
    store.set('b', 'two');
    expect([store.get('a/1'), store.get('absent')]).toEqual(['uno', null]);
    expect(store.keys().toSorted()).toEqual(['a/1', 'b']);
    store.remove('a/1');
    store.remove('absent');
    expect(store.keys()).toEqual(['b']);
  });
});

test('two names in one localStorage do not meet', () => {
  const storage = fakeStorage();
  const [one, two] = [localStorageStore('one', always(storage)), localStorageStore('two', always(storage))];
  one.set('key', '1');
  expect([two.get('key'), two.keys()]).toEqual([null, []]);
});

describe('the durable state', () => {
  test('writes what was shown before the position that covers it', () => {
    const written: string[] = [];
    const store = { ...memoryStore(), set: (key: string) => void written.push(key) };
    const state = new DurableState(durableStore(store, () => undefined));
    state.noteHead({ userId: 'amy', position: 1 });
    state.noteShown('bob/c1', {
      identity: 'bob/c1',
      conversation: 'amy~bob',
      ids: ['1'],
      position: 1,
      connection: 1,
      at: 1,
    });
    expect(written).toEqual([]);
    state.flush();
    state.flush();
    expect(written).toEqual(['shown/bob/c1', 'head']);
  });

  test('of a release before is read: it kept the other user of a conversation in place of its id', () => {
    const store = memoryStore();
    store.set('head', JSON.stringify({ userId: 'bob', position: 7 }));
    store.set('shown/amy/c1', JSON.stringify([['1'], 'amy', 1, 9]));
    store.set('shown/bob/c2', JSON.stringify([['2'], 'bob~carol', 2, 9]));
    const shown = new DurableState(durableStore(store, () => undefined)).shown();
    expect(shown.map(({ identity, conversation }) => [identity, conversation])).toEqual([
      ['amy/c1', 'amy~bob'],
      ['bob/c2', 'bob~carol'],
    ]);
  });

  test('a damaged entry counts as absent', () => {
    const store = memoryStore();
    store.set('head', '{');
    store.set('out/x', 'no json');
    const state = new DurableState(durableStore(store, () => undefined));
    expect([state.head(), state.unsent()]).toEqual([{ userId: '', position: 0 }, []]);
  });
});
