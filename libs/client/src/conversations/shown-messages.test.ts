import { describe, expect, test } from 'vitest';
import { type Shown, ShownMessages } from './shown-messages.ts';

function shown(maxShown: number) {
  const forgotten: string[] = [];
  const messages = new ShownMessages({
    maxShown,
    maxProvisional: 3,
    changed: (identity, entry) => {
      if (entry === null) forgotten.push(identity);
    },
  });
  return { messages, forgotten };
}

function entry(n: number, position: number | null): Shown {
  return { identity: `bob/c${n}`, conversation: 'amy~bob', ids: [`id${n}`], position, connection: 1, at: n };
}

describe('C6 C16: the messages that were shown', () => {
  test('those that the position does not cover are kept, however many they are', () => {
    const { messages, forgotten } = shown(2);
    for (let n = 1; n <= 9; n++) messages.add(entry(n, n));
    messages.covered(null, 0);
    expect(forgotten).toEqual([]);
    messages.covered(null, 3);
    expect(forgotten).toEqual(['bob/c1']);
    messages.covered(null, 9);
    expect(forgotten).toHaveLength(7);
    expect([messages.find('bob', 'c7'), messages.find('bob', 'c8')?.position]).toEqual([undefined, 8]);
  });

  test('a position covers the messages of its own log', () => {
    const { messages } = shown(2);
    messages.add(entry(1, 1));
    messages.add({ ...entry(2, 1), conversation: '~team' });
    messages.add({ ...entry(3, null), conversation: '~team' });
    expect(messages.hasRoom).toBe(false);
    expect([null, 'team', 'amy'].map((log) => messages.provisional(log).length)).toEqual([0, 1, 0]);
    messages.covered(null, 1);
    expect(messages.open.map(({ conversation }) => conversation)).toEqual(['~team', '~team']);
    messages.add(entry(4, 2));
    expect(messages.hasRoom).toBe(false);
    messages.covered('team', 1);
    expect(messages.hasRoom).toBe(true);
  });

  test('of the covered ones the newest by id are kept, in whatever order they came', () => {
    const { messages } = shown(2);
    for (const n of [5, 1, 4, 2, 3]) messages.add(entry(n, n));
    messages.covered(null, 5);
    expect([1, 2, 3, 4, 5].filter((n) => messages.findId(`id${n}`) !== undefined)).toEqual([4, 5]);
  });

  test('C12: one that was taken back under every id that it came under is forgotten, and may be shown again', () => {
    const { messages, forgotten } = shown(2);
    const one = entry(1, null);
    messages.add(one);
    messages.alias(one, 'other');
    messages.retract(one, 'id1');
    expect([messages.findId('id1'), messages.findId('other'), forgotten]).toEqual([undefined, one, []]);
    messages.retract(one, 'other');
    expect(forgotten).toEqual(['bob/c1']);
    expect([messages.find('bob', 'c1'), messages.findId('other')]).toEqual([undefined, undefined]);
  });

  test('a provisional one is never covered; there is room until the bound', () => {
    const { messages } = shown(0);
    for (const n of [1, 2, 3]) messages.add(entry(n, null));
    messages.covered(null, Number.POSITIVE_INFINITY);
    expect(messages.provisional(null).map(({ at }) => at)).toEqual([1, 2, 3]);
    expect(messages.hasRoom).toBe(false);
    messages.confirm(messages.findId('id1') as Shown, 'id1', 1);
    messages.covered(null, 1);
    expect(messages.hasRoom).toBe(true);
  });
});
