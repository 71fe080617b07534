import { MOMENT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  AT,
  idOf,
  kept,
  type MomentsHarness,
  momentsFixture,
  newComment,
  newMoment,
  pictureOf,
} from './moments-fixture.ts';

export function momentPostTests(harness: MomentsHarness): void {
  const { subject, moments, replies, pictures, ids } = momentsFixture(harness);

  test('a moment is kept as it was posted, with its pictures in their order', async () => {
    for (const n of [1, 2]) await pictures().note('ann', pictureOf(n), AT);
    const moment = newMoment(1, {
      pictureIds: [pictureOf(2).pictureId, pictureOf(1).pictureId],
      chosen: ['bob', 'Cat'],
    });
    const expected = kept(moment, [pictureOf(2), pictureOf(1)]);
    expect(await moments().post(moment)).toEqual(expected);
    expect(await moments().get([idOf(2), idOf(1)])).toEqual([null, expected]);
    expect(await moments().get([])).toEqual([]);
    for (const port of [moments(), replies(), pictures()]) await port.ping();
  });

  test('a post that is repeated makes one moment, and takes its pictures once', async () => {
    await pictures().note('ann', pictureOf(1), AT);
    const moment = newMoment(1, { pictureIds: [pictureOf(1).pictureId] });
    const first = await moments().post(moment);
    expect(await moments().post({ ...moment, momentId: idOf(2), at: AT + 9 })).toEqual(first);
    const twice = [3, 4].map((n) => newMoment(n, { clientMomentId: 'at once' }));
    const [a, b] = await Promise.all(twice.map((one) => moments().post(one)));
    expect(a).toEqual(b);
    expect(await moments().post(newMoment(5, { author: 'bob', clientMomentId: 'post-1' }))).toMatchObject({
      author: 'bob',
    });
    expect(await ids('ann', ['ann'], 9)).toEqual([a?.momentId, idOf(1)]);
  });

  test('pages have what the authors posted for the viewer, newest first', async () => {
    const posts: [n: number, author: string, chosen: string[] | null][] = [
      [1, 'ann', null],
      [2, 'bob', ['cat']],
      [3, 'Ann', null],
      [4, 'ann', ['dan', 'cat']],
      [5, 'cat', ['dan']],
      [6, 'bob', null],
      [7, 'ann', ['ca', 'Cat', 'at']],
      [8, 'dan', null],
    ];
    for (const [n, author, chosen] of posts) await moments().post(newMoment(n, { author, chosen }));
    const known = ['ann', 'bob', 'cat', 'nobody', 'ann'];
    expect(await ids('cat', known, 9)).toEqual([6, 5, 4, 2, 1].map(idOf));
    expect(await ids('cat', known, 2)).toEqual([6, 5].map(idOf));
    expect(await ids('cat', known, 2, 5)).toEqual([4, 2].map(idOf));
    expect(await ids('cat', known, 2, 2)).toEqual([idOf(1)]);
    expect(await ids('cat', known, 2, 1)).toEqual([]);
    expect(await ids('eve', known, 9)).toEqual([6, 1].map(idOf));
    expect(await ids('ann', ['ann'], 9)).toEqual([7, 4, 1].map(idOf));
    expect(await ids('cat', [], 9)).toEqual([]);
  });

  test('a deleted moment is gone with what was said about it; only its author deletes it', async () => {
    await moments().post(newMoment(1));
    await moments().post(newMoment(2));
    await replies().like(idOf(1), 'bob', AT);
    await replies().comment(newComment(1));
    expect(await moments().remove('bob', idOf(1))).toBe(false);
    expect(await moments().remove('ann', idOf(1))).toBe(true);
    expect(await moments().remove('ann', idOf(1))).toBe(false);
    expect(await moments().get([idOf(1)])).toEqual([null]);
    expect(await ids('ann', ['ann'], 9)).toEqual([idOf(2)]);
    expect(await replies().likes(idOf(1), { limit: 9 })).toEqual([]);
    expect(await replies().comments(idOf(1), { limit: 9 })).toEqual([]);
    expect(await replies().like(idOf(1), 'bob', AT)).toBeNull();
    expect(await replies().comment(newComment(2))).toBeNull();
  });

  test('C16: moments of one user are bounded; a deleted one makes room', async () => {
    const { maxMomentsPerUser } = MOMENT_LIMITS;
    for (let from = 1; from <= maxMomentsPerUser; from += 250) {
      const some = Array.from({ length: 250 }, (_, i) => newMoment(from + i));
      await Promise.all(some.map((moment) => moments().post(moment)));
    }
    const next = newMoment(maxMomentsPerUser + 1);
    await expect(moments().post(next)).rejects.toMatchObject({ code: 'limit_reached', retry: 'never' });
    expect(await moments().post(newMoment(9))).toMatchObject({ momentId: idOf(9) });
    await moments().remove('ann', idOf(7));
    await moments().post(next);
    expect(await ids('ann', ['ann'], 2, 9)).toEqual([8, 6].map(idOf));
  });

  if (harness.reopen !== undefined) {
    test('moments, replies and the list of pictures survive a kill', async () => {
      for (const n of [1, 2]) await pictures().note('ann', pictureOf(n), AT);
      await moments().post(newMoment(1, { pictureIds: [pictureOf(1).pictureId] }));
      await replies().like(idOf(1), 'bob', AT);
      await replies().comment(newComment(1));
      await subject.reopen();
      expect(await moments().get([idOf(1)])).toMatchObject([{ likes: 1, comments: 1, pictures: [pictureOf(1)] }]);
      expect(await replies().like(idOf(1), 'bob', AT)).toEqual({ author: 'ann', position: null });
      expect(await pictures().due(AT + 1, 9)).toEqual([pictureOf(2).pictureId]);
    });
  }
}
