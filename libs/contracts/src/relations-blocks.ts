import { defined, PEOPLE_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { type RelationsHarness, relationsFixture, T } from './relations-fixture.ts';

export function blockTests(harness: RelationsHarness): void {
  const { subject, contacts, blocks, between } = relationsFixture(harness);

  test('a block holds one way, until it is lifted', async () => {
    const pairs = [
      { userId: 'ann', other: 'bob' },
      { userId: 'bob', other: 'ann' },
      { userId: 'Ann', other: 'bob' },
    ];
    expect(await blocks().unblock('ann', 'bob')).toBe(false);
    expect(await blocks().block('ann', 'bob', T)).toBe(true);
    expect(await blocks().block('ann', 'bob', T + 1)).toBe(false);
    expect(await blocks().blocked(pairs)).toEqual([true, false, false]);
    expect(await blocks().blocked([])).toEqual([]);
    expect(await blocks().list('ann', { limit: 5 })).toEqual([{ userId: 'ann', other: 'bob', at: T }]);
    expect(await blocks().list('bob', { limit: 5 })).toEqual([]);
    expect(await blocks().unblock('ann', 'bob')).toBe(true);
    expect(await blocks().blocked(pairs)).toEqual([false, false, false]);
    await blocks().ping();
  });

  test('a block ends what there was between the two, and neither can ask while it holds', async () => {
    await contacts().request('ann', 'bob', T);
    await contacts().accept('bob', 'ann', T);
    await contacts().request('cat', 'ann', T);
    await blocks().block('ann', 'bob', T);
    await blocks().block('ann', 'cat', T);
    for (const other of ['bob', 'cat']) {
      expect(await between('ann', other)).toEqual([null, null]);
      expect(await contacts().request(other, 'ann', T)).toBe('blocked');
      expect(await contacts().request('ann', other, T)).toBe('blocked');
      expect(await between('ann', other)).toEqual([null, null]);
    }
    await blocks().unblock('ann', 'bob');
    expect(await contacts().request('bob', 'ann', T)).toBe('outgoing');
  });

  test('lists go page by page', async () => {
    for (const other of ['c', 'Zoe', 'a+1', 'a']) await blocks().block('me', other, T);
    const names = async (after?: string) =>
      (await blocks().list('me', { limit: 3, ...defined({ after }) })).map(({ other }) => other);
    expect(await names()).toEqual(['Zoe', 'a', 'a+1']);
    expect(await names('a+1')).toEqual(['c']);
    expect(await names('c')).toEqual([]);
  });

  test('C16: a full list refuses more', async () => {
    for (let i = 0; i < PEOPLE_LIMITS.maxBlocksPerUser; i += 250) {
      const some = Array.from({ length: 250 }, (_, n) => `u${i + n}`);
      await Promise.all(some.map((other) => blocks().block('me', other, T)));
    }
    await expect(blocks().block('me', 'new', T)).rejects.toMatchObject({ code: 'limit_reached', retry: 'never' });
    expect(await blocks().block('me', 'u7', T)).toBe(false);
    expect(await blocks().blocked([{ userId: 'me', other: 'new' }])).toEqual([false]);
  });

  if (harness.reopen !== undefined) {
    test('blocks survive a kill', async () => {
      await blocks().block('ann', 'bob', T);
      await subject.reopen();
      expect(await blocks().blocked([{ userId: 'ann', other: 'bob' }])).toEqual([true]);
    });
  }
}
