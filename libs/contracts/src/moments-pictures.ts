import { MOMENT_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { AT, idOf, type MomentsHarness, momentsFixture, newMoment, pictureOf } from './moments-fixture.ts';

/** Pictures of moments: who takes them, and when they are due. */
export function momentPictureTests(harness: MomentsHarness): void {
  const { moments, pictures, ids } = momentsFixture(harness);

  test("pictures of another's, of another moment or of nobody's are refused, and nothing of the moment is kept", async () => {
    for (const n of [1, 2]) await pictures().note('ann', pictureOf(n), AT);
    await moments().post(newMoment(1, { pictureIds: [pictureOf(1).pictureId] }));
    await pictures().note('bob', pictureOf(3), AT);
    for (const n of [1, 3, 4]) {
      const moment = newMoment(2, { pictureIds: [pictureOf(2).pictureId, pictureOf(n).pictureId] });
      const refused = { code: 'not_found', details: { field: 'pictures' } };
      await expect(moments().post(moment)).rejects.toMatchObject(refused);
    }
    expect(await ids('ann', ['ann'], 9)).toEqual([idOf(1)]);
    expect(await moments().post(newMoment(3, { pictureIds: [pictureOf(2).pictureId] }))).toMatchObject({
      pictures: [pictureOf(2)],
    });
  });

  test('C16: pictures of deleted moments, and those never posted, are due until they are struck', async () => {
    for (const n of [1, 2, 3, 4]) await pictures().note('ann', pictureOf(n), AT + n);
    const id = (n: number) => pictureOf(n).pictureId;
    await moments().post(newMoment(1, { pictureIds: [id(1)] }));
    await moments().post(newMoment(2, { pictureIds: [id(2)] }));
    expect(await pictures().due(AT, 9)).toEqual([]);
    await moments().remove('ann', idOf(1));
    expect(await pictures().due(AT, 9)).toEqual([id(1)]);
    expect((await pictures().due(AT + 4, 9)).toSorted()).toEqual([id(1), id(3)]);
    expect(await pictures().due(AT + 4, 1)).toHaveLength(1);
    const late = moments().post(newMoment(3, { pictureIds: [id(3)] }));
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    await pictures().strike([id(1), id(2), id(4), id(9)]);
    expect((await pictures().known([1, 2, 3, 4, 9].map(id))).toSorted()).toEqual([id(2), id(3), id(4)]);
    expect(await pictures().known([])).toEqual([]);
    expect(await pictures().due(AT, 9)).toEqual([id(3)]);
    expect(await moments().post(newMoment(4, { pictureIds: [id(4)] }))).toMatchObject({ pictures: [pictureOf(4)] });
    expect(await moments().get([idOf(2)])).toMatchObject([{ pictures: [pictureOf(2)] }]);
  });

  test('C16: pictures that wait to be posted are bounded', async () => {
    const { maxUnpostedPictures } = MOMENT_LIMITS;
    for (let n = 1; n <= maxUnpostedPictures; n++) await pictures().note('ann', pictureOf(n), AT);
    await pictures().note('ann', pictureOf(1), AT);
    const next = pictureOf(maxUnpostedPictures + 1);
    await expect(pictures().note('ann', next, AT)).rejects.toMatchObject({ code: 'limit_reached', retry: 'never' });
    await pictures().note('bob', next, AT);
    await moments().post(newMoment(1, { pictureIds: [pictureOf(1).pictureId] }));
    await pictures().note('ann', pictureOf(99), AT);
  });
}
