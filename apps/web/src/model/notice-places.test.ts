import type { Notice } from '@chasqui/client';
import { describe, expect, it } from 'vitest';
import { noticePlaces, withNotices } from './notice-places.ts';

const notice = (version: number, at: number): Notice => ({
  conversationId: 'team',
  notice: 'joined',
  by: 'ann',
  version,
  at,
});
const messages = [{ sentAt: 10 }, { sentAt: 20 }];

describe('notices', () => {
  it('stand before the first message that was sent later, or at the end', () => {
    const places = noticePlaces(messages, [notice(1, 5), notice(2, 15), notice(3, 16), notice(4, 25)], false);
    expect([...places].map(([place, found]) => [place, found.map(({ version }) => version)])).toEqual([
      [0, [1]],
      [1, [2, 3]],
      [2, [4]],
    ]);
  });

  it('are left out before the messages that are loaded, while there are older ones', () => {
    expect([...noticePlaces(messages, [notice(1, 5), notice(2, 15)], true).keys()]).toEqual([1]);
  });

  it('C18: are kept once, in the order of the log, and not without bound', () => {
    const known = withNotices([], [notice(2, 15)], 2);
    expect(withNotices(known, [notice(2, 15)], 2)).toBe(known);
    const all = withNotices(known, [notice(1, 5), notice(3, 16)], 2);
    expect(all.map(({ version }) => version)).toEqual([2, 3]);
  });
});
