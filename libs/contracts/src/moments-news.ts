import { expect, test } from 'vitest';
import { AT, idOf, type MomentsHarness, momentsFixture, newComment, newMoment } from './moments-fixture.ts';

/** What an author learns of likes and comments, in the inbox. */
export function momentNewsTests(harness: MomentsHarness): void {
  const { moments, replies, inbox } = momentsFixture(harness);
  const counts = async () => {
    const [moment] = await moments().get([idOf(1)]);
    return [moment?.likes, moment?.comments];
  };

  test("C10: each like and comment of another is one update in the author's inbox, at contiguous positions", async () => {
    await moments().post(newMoment(1));
    expect(await replies().like(idOf(1), 'bob', AT + 1)).toEqual({ author: 'ann', position: 1 });
    const comment = newComment(1, { at: AT + 2 });
    expect(await replies().comment(comment)).toEqual({ author: 'ann', position: 2, comment });
    expect(await replies().like(idOf(1), 'cat', AT + 3)).toEqual({ author: 'ann', position: 3 });
    const common = { type: 'moment', momentId: idOf(1) };
    expect(await inbox('ann')).toEqual([
      { ...common, event: 'like', by: 'bob', at: AT + 1, position: 1 },
      { ...common, event: 'comment', by: 'bob', commentId: comment.commentId, at: AT + 2, position: 2 },
      { ...common, event: 'like', by: 'cat', at: AT + 3, position: 3 },
    ]);
    expect(await inbox('bob')).toEqual([]);
    expect(await counts()).toEqual([2, 1]);
  });

  test('C10: what is repeated, or done to an own moment, tells nobody', async () => {
    await moments().post(newMoment(1));
    await replies().like(idOf(1), 'bob', AT);
    await replies().comment(newComment(1));
    const nothing = { author: 'ann', position: null };
    expect(await replies().like(idOf(1), 'bob', AT + 1)).toEqual(nothing);
    expect(await replies().comment(newComment(1, { commentId: idOf(1_002), text: 'another' }))).toEqual({
      ...nothing,
      comment: newComment(1),
    });
    expect(await replies().like(idOf(1), 'ann', AT)).toEqual(nothing);
    expect(await replies().comment(newComment(3, { author: 'ann' }))).toMatchObject(nothing);
    expect(await counts()).toEqual([2, 2]);
    expect(await inbox('ann')).toHaveLength(2);
  });

  test('C10: the same at the same time counts once and tells once', async () => {
    await moments().post(newMoment(1));
    const likes = await Promise.all(Array.from({ length: 8 }, () => replies().like(idOf(1), 'bob', AT)));
    expect(likes.filter((told) => told?.position !== null)).toEqual([{ author: 'ann', position: 1 }]);
    const given = Array.from({ length: 8 }, (_, n) => newComment(n, { clientCommentId: 'one' }));
    const comments = await Promise.all(given.map((comment) => replies().comment(comment)));
    expect(new Set(comments.map((told) => told?.comment.commentId)).size).toBe(1);
    expect(comments.filter((told) => told?.position !== null)).toHaveLength(1);
    expect(await counts()).toEqual([1, 1]);
    expect((await inbox('ann')).map(({ position }) => position)).toEqual([1, 2]);
  });
}
