import { MOMENT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { AT, idOf, type MomentsHarness, momentsFixture, newComment, newMoment } from './moments-fixture.ts';

export function momentReplyTests(harness: MomentsHarness): void {
  const { subject, moments, replies, inbox } = momentsFixture(harness);
  const counts = async () => {
    const [moment] = await moments().get([idOf(1)]);
    return [moment?.likes, moment?.comments];
  };

  test('a like that is taken back is none; given again it counts, and tells nobody once more', async () => {
    await moments().post(newMoment(1));
    expect(await replies().unlike(idOf(1), 'bob')).toBe(false);
    await replies().like(idOf(1), 'bob', AT);
    expect(await replies().liked('bob', [idOf(2), idOf(1)])).toEqual([false, true]);
    expect(await replies().unlike(idOf(1), 'bob')).toBe(true);
    expect(await replies().unlike(idOf(1), 'bob')).toBe(false);
    expect(await replies().liked('bob', [idOf(1)])).toEqual([false]);
    expect(await replies().likes(idOf(1), { limit: 9 })).toEqual([]);
    expect(await counts()).toEqual([0, 0]);
    expect(await replies().like(idOf(1), 'bob', AT + 5)).toEqual({ author: 'ann', position: null });
    expect(await replies().likes(idOf(1), { limit: 9 })).toEqual([{ userId: 'bob', at: AT + 5 }]);
    expect(await counts()).toEqual([1, 0]);
    expect(await inbox('ann')).toHaveLength(1);
    expect(await replies().like(idOf(9), 'bob', AT)).toBeNull();
    expect(await replies().liked('bob', [])).toEqual([]);
  });

  test('likes go page by page by user id, comments by time', async () => {
    await moments().post(newMoment(1));
    for (const user of ['c', 'Zoe', 'a+1', 'a']) await replies().like(idOf(1), user, AT);
    const users = async (after?: string) =>
      (await replies().likes(idOf(1), { limit: 3, ...(after && { after }) })).map(({ userId }) => userId);
    expect(await users()).toEqual(['Zoe', 'a', 'a+1']);
    expect(await users('a+1')).toEqual(['c']);
    for (const n of [2, 1, 3]) await replies().comment(newComment(n));
    const first = await replies().comments(idOf(1), { limit: 2 });
    expect(first).toEqual([newComment(1), newComment(2)]);
    expect(await replies().comments(idOf(1), { limit: 2, after: newComment(2).commentId })).toEqual([newComment(3)]);
    expect(await replies().comments(idOf(2), { limit: 2 })).toEqual([]);
  });

  test('a comment is deleted by who wrote it or the moment, and by nobody else', async () => {
    await moments().post(newMoment(1));
    await moments().post(newMoment(2, { author: 'cat' }));
    for (const n of [1, 2]) await replies().comment(newComment(n));
    const { commentId } = newComment(1);
    expect(await replies().removeComment(idOf(1), commentId, 'cat')).toBe(false);
    expect(await replies().removeComment(idOf(2), commentId, 'cat')).toBe(false);
    expect(await replies().removeComment(idOf(1), commentId, 'bob')).toBe(true);
    expect(await replies().removeComment(idOf(1), commentId, 'bob')).toBe(false);
    expect(await replies().removeComment(idOf(1), newComment(2).commentId, 'ann')).toBe(true);
    expect(await replies().comments(idOf(1), { limit: 9 })).toEqual([]);
    expect(await counts()).toEqual([0, 0]);
  });

  test('likes and comments of one user are removed everywhere, a few at a time; those of others stay', async () => {
    await moments().post(newMoment(1));
    await moments().post(newMoment(2, { author: 'cat' }));
    for (const n of [1, 2]) await replies().like(idOf(n), 'bob', AT);
    await replies().unlike(idOf(2), 'bob');
    await replies().like(idOf(1), 'dan', AT);
    for (const n of [1, 2]) await replies().comment(newComment(n));
    await replies().comment(newComment(3, { author: 'dan' }));
    const told = await inbox('ann');
    expect([await replies().removeOf('bob', 3), await replies().removeOf('bob', 3)]).toEqual([3, 1]);
    expect(await counts()).toEqual([1, 1]);
    expect((await replies().likes(idOf(1), { limit: 9 })).map(({ userId }) => userId)).toEqual(['dan']);
    expect(await replies().comments(idOf(1), { limit: 9 })).toEqual([newComment(3, { author: 'dan' })]);
    expect(await inbox('ann')).toEqual(told);
    expect(await replies().removeOf('bob', 3)).toBe(0);
  });

  test('C16: one user fills no moment with comments: the others can say theirs', async () => {
    const { maxCommentsPerUser } = MOMENT_LIMITS;
    await moments().post(newMoment(1));
    await Promise.all(Array.from({ length: maxCommentsPerUser }, (_, n) => replies().comment(newComment(n))));
    const full = { code: 'limit_reached', retry: 'never' };
    await expect(replies().comment(newComment(9_999))).rejects.toMatchObject(full);
    expect(await replies().comment(newComment(0))).toMatchObject({ position: null });
    expect(await replies().comment(newComment(9_999, { author: 'cat' }))).toMatchObject({ author: 'ann' });
    await replies().removeComment(idOf(1), newComment(3).commentId, 'bob');
    expect(await replies().comment(newComment(9_998))).toMatchObject({ author: 'ann' });
  });

  test('C16: likes and comments of a moment are bounded, and a refused one tells nobody', async () => {
    const { maxLikesPerMoment, maxCommentsPerMoment } = MOMENT_LIMITS;
    await moments().post(newMoment(1));
    const fill = async (count: number, one: (n: number) => Promise<unknown>) => {
      for (let from = 0; from < count; from += 250) {
        await Promise.all(Array.from({ length: 250 }, (_, i) => one(from + i)));
      }
    };
    await fill(maxLikesPerMoment, (n) => replies().like(idOf(1), `u${n}`, AT));
    await fill(maxCommentsPerMoment, (n) => replies().comment(newComment(n, { author: `u${n % 10}` })));
    await replies().unlike(idOf(1), 'u7');
    const full = { code: 'limit_reached', retry: 'never' };
    await expect(replies().like(idOf(1), 'new', AT)).rejects.toMatchObject(full);
    await expect(replies().comment(newComment(9_999))).rejects.toMatchObject(full);
    expect(await replies().like(idOf(1), 'u7', AT)).toEqual({ author: 'ann', position: null });
    await replies().removeComment(idOf(1), newComment(7).commentId, 'ann');
    const head = maxLikesPerMoment + maxCommentsPerMoment;
    expect(await replies().comment(newComment(9_999))).toMatchObject({ position: head + 1 });
    expect(await counts()).toEqual([maxLikesPerMoment, maxCommentsPerMoment]);
  });

  if (harness.reopen !== undefined) {
    test('C10: updates of moments survive a kill, and positions go on after them', async () => {
      await moments().post(newMoment(1));
      await replies().like(idOf(1), 'bob', AT);
      await subject.reopen();
      expect(await replies().comment(newComment(1))).toMatchObject({ position: 2 });
      expect((await inbox('ann')).map(({ position }) => position)).toEqual([1, 2]);
    });
  }
}
