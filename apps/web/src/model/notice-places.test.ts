import type { Notice } from '@chasqui/client';
import { describe, expect, it } from 'vitest';
import { noticePlaces, noticesAfter, withNotices } from './notice-places.ts';

const notice = (version: number, at: number): Notice => ({
  conversationId: 'team',
  notice: 'joined',
  by: 'ann',
  version,
  at,
});
const messages = [{ sentAt: 10 }, { sentAt: 20 }];
const whole = { mayHaveOlder: false, mayHaveNewer: false };

describe('notices', () => {
  it('stand before the first message that was sent later, or at the end', () => {
    const places = noticePlaces(messages, [notice(1, 5), notice(2, 15), notice(3, 16), notice(4, 25)], whole);
    expect([...places].map(([place, found]) => [place, found.map(({ version }) => version)])).toEqual([
      [0, [1]],
      [1, [2, 3]],
      [2, [4]],
    ]);
  });

  it('are left out before and behind the messages that are loaded, while there are others', () => {
    const notices = [notice(1, 5), notice(2, 15), notice(3, 25)];
    const placesOf = (part: object) => [...noticePlaces(messages, notices, { ...whole, ...part }).keys()];
    expect(placesOf({ mayHaveOlder: true })).toEqual([1, 2]);
    expect(placesOf({ mayHaveNewer: true })).toEqual([0, 1]);
  });

  it('are gone up to where the user has cleared the conversation', () => {
    const all = [notice(1, 5), notice(2, 15)];
    expect(noticesAfter(all, 5).map(({ version }) => version)).toEqual([2]);
    expect(noticesAfter(all, 4)).toBe(all);
  });

  it('C18: are kept once, in the order of the log, and not without bound', () => {
    const known = withNotices([], [notice(2, 15)], 2);
    expect(withNotices(known, [notice(2, 15)], 2)).toBe(known);
    const all = withNotices(known, [notice(1, 5), notice(3, 16)], 2);
    expect(all.map(({ version }) => version)).toEqual([2, 3]);
  });
});
