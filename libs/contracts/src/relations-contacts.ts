import { PEOPLE_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { type RelationsHarness, relationsFixture, T } from './relations-fixture.ts';

export function contactTests(harness: RelationsHarness): void {
  const { subject, contacts, between } = relationsFixture(harness);

  test('a request that is accepted makes contacts of both', async () => {
    expect(await between('ann', 'bob')).toEqual([null, null]);
    expect(await contacts().request('ann', 'bob', T)).toBe('outgoing');
    expect(await between('ann', 'bob')).toEqual(['outgoing', 'incoming']);
    expect(await contacts().accept('ann', 'bob', T + 1)).toBe(false);
    expect(await contacts().accept('bob', 'ann', T + 2)).toBe(true);
    expect(await contacts().accept('bob', 'ann', T + 3)).toBe(false);
    expect(await contacts().list('ann', { limit: 10 })).toEqual([
      { userId: 'ann', other: 'bob', state: 'contact', at: T + 2 },
    ]);
    expect(await contacts().list('bob', { limit: 10 })).toEqual([
      { userId: 'bob', other: 'ann', state: 'contact', at: T + 2 },
    ]);
    await contacts().ping();
  });

  test('asking again changes nothing; asking back makes contacts', async () => {
    await contacts().request('ann', 'bob', T);
    expect(await contacts().request('ann', 'bob', T + 5)).toBe('outgoing');
    expect(await contacts().list('bob', { limit: 10 })).toEqual([
      { userId: 'bob', other: 'ann', state: 'incoming', at: T },
    ]);
    expect(await contacts().request('bob', 'ann', T + 6)).toBe('contact');
    expect(await contacts().request('ann', 'bob', T + 7)).toBe('contact');
    expect(await contacts().list('ann', { limit: 10 })).toMatchObject([{ state: 'contact', at: T + 6 }]);
  });

  test('declining, withdrawing and parting end the relation for both, if it is what the caller takes it for', async () => {
    expect(await contacts().remove('ann', 'bob')).toBeNull();
    await contacts().request('ann', 'bob', T);
    expect(await contacts().remove('ann', 'bob', 'incoming')).toBeNull();
    expect(await contacts().remove('bob', 'ann', 'contact')).toBeNull();
    expect(await between('ann', 'bob')).toEqual(['outgoing', 'incoming']);
    expect(await contacts().remove('bob', 'ann', 'incoming')).toBe('incoming');
    expect(await between('ann', 'bob')).toEqual([null, null]);
    await contacts().request('ann', 'bob', T);
    expect(await contacts().remove('ann', 'bob', 'outgoing')).toBe('outgoing');
    await contacts().request('ann', 'bob', T);
    await contacts().accept('bob', 'ann', T);
    expect(await contacts().remove('ann', 'bob')).toBe('contact');
    expect(await between('ann', 'bob')).toEqual([null, null]);
  });

  test('lists go page by page, of one state or of all', async () => {
    for (const other of ['Zoe', 'b', 'a+1', 'c', 'a']) await contacts().request('me', other, T);
    for (const other of ['x', 'y']) await contacts().request(other, 'me', T);
    await contacts().accept('me', 'y', T);
    const names = async (page: Parameters<ReturnType<typeof contacts>['list']>[1]) =>
      (await contacts().list('me', page)).map(({ other }) => other);
    expect(await names({ limit: 3 })).toEqual(['Zoe', 'a', 'a+1']);
    expect(await names({ limit: 3, after: 'a+1' })).toEqual(['b', 'c', 'x']);
    expect(await names({ limit: 3, after: 'x' })).toEqual(['y']);
    expect(await names({ limit: 3, after: 'y' })).toEqual([]);
    expect(await names({ limit: 2, after: 'a', state: 'outgoing' })).toEqual(['a+1', 'b']);
    expect(await names({ limit: 9, state: 'incoming' })).toEqual(['x']);
    expect(await names({ limit: 9, state: 'contact' })).toEqual(['y']);
    expect(await contacts().states('me', ['x', 'nobody', 'y', 'a'])).toEqual(['incoming', null, 'contact', 'outgoing']);
  });

  /** Makes this many requests to or by the user, 250 at a time. */
  const many = async (count: number, ask: (other: string, i: number) => Promise<unknown>) => {
    for (let i = 0; i < count; i += 250) {
      const some = Array.from({ length: Math.min(250, count - i) }, (_, n) => ask(`u${i + n}`, i + n));
      await Promise.all(some);
    }
  };

  test('C16: a full list refuses what its owner asks for, nothing of it is left, and others can ask all the same', async () => {
    await many(PEOPLE_LIMITS.maxContactsPerUser, (other) => contacts().request('me', other, T));
    const full = { code: 'limit_reached', retry: 'never' };
    await expect(contacts().request('me', 'new', T)).rejects.toMatchObject(full);
    expect(await between('me', 'new')).toEqual([null, null]);
    expect(await contacts().request('u7', 'me', T)).toBe('contact');
    expect(await contacts().request('new', 'me', T)).toBe('outgoing');
    await expect(contacts().accept('me', 'new', T)).rejects.toMatchObject(full);
    await expect(contacts().request('me', 'new', T)).rejects.toMatchObject(full);
    expect(await between('me', 'new')).toEqual(['incoming', 'outgoing']);
    await contacts().remove('me', 'u8');
    expect(await contacts().accept('me', 'new', T)).toBe(true);
  });

  test("C16: requests of strangers fill nobody's list: friends are heard, the longest waiting goes at both ends", async () => {
    const { maxIncomingRequests } = PEOPLE_LIMITS;
    await contacts().request('first', 'me', T - 2);
    await contacts().request('second', 'me', T - 1);
    await many(maxIncomingRequests - 2, (other) => contacts().request(other, 'me', T));
    expect(await contacts().request('friend', 'me', T + 1)).toBe('outgoing');
    expect(await between('first', 'me')).toEqual([null, null]);
    expect(await between('second', 'me')).toEqual(['outgoing', 'incoming']);
    // A repeated request takes no second place.
    expect(await contacts().request('friend', 'me', T + 2)).toBe('outgoing');
    expect(await between('second', 'me')).toEqual(['outgoing', 'incoming']);
    const page = await contacts().list('me', { state: 'incoming', limit: maxIncomingRequests + 1 });
    expect(page).toHaveLength(maxIncomingRequests);
    // The limit does not affect the user's own requests.
    expect(await contacts().request('me', 'other', T)).toBe('outgoing');
    expect(await contacts().accept('me', 'friend', T + 3)).toBe(true);
    expect(await contacts().request('first', 'me', T + 4)).toBe('outgoing');
    expect(await between('second', 'me')).toEqual(['outgoing', 'incoming']);
  });

  test('C16: many who ask a full list at the same time all get in, one after the other', async () => {
    const { maxIncomingRequests } = PEOPLE_LIMITS;
    await many(maxIncomingRequests, (other) => contacts().request(other, 'me', T));
    const late = Array.from({ length: 8 }, (_, i) => `late${i}`);
    const told = await Promise.all(late.map((other) => contacts().request(other, 'me', T + 1)));
    expect(told).toEqual(late.map(() => 'outgoing'));
    expect(await contacts().states('me', late)).toEqual(late.map(() => 'incoming'));
    const page = await contacts().list('me', { state: 'incoming', limit: maxIncomingRequests + 1 });
    expect(page).toHaveLength(maxIncomingRequests);
  });

  if (harness.reopen !== undefined) {
    test('contacts survive a kill', async () => {
      await contacts().request('ann', 'bob', T);
      await contacts().accept('bob', 'ann', T);
      await contacts().request('cat', 'ann', T);
      await subject.reopen();
      expect(await between('ann', 'bob')).toEqual(['contact', 'contact']);
      expect(await between('ann', 'cat')).toEqual(['incoming', 'outgoing']);
    });
  }
}
