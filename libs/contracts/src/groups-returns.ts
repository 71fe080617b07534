import { MAX_INTERVALS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, type GroupsHarness, groupsFixture, LINK } from './groups-fixture.ts';

/** Users who leave, many times one group or many groups. */
export function returnTests(harness: GroupsHarness): void {
  const { create, change, post, member, log } = groupsFixture(harness);

  test('C16, C20: who came and went as often as is remembered only asks to join; all stays are visible, nothing between', async () => {
    await create([], { history: 'since_join' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    const [seen, missed]: [string[], string[]] = [[], []];
    for (let stay = 0; stay < MAX_INTERVALS; stay++) {
      missed.push((await post(ANN)).messageId);
      await change('join', { linkId: LINK }, { by: BOB });
      seen.push((await post(ANN)).messageId);
      await change('leave', {}, { by: BOB });
    }
    const length = (await log()).length;
    for (let again = 0; again < 3; again++) {
      const asked = await change('join', { linkId: LINK }, { by: BOB });
      expect(asked).toMatchObject({ outcome: { isRequested: true, users: [] }, notice: null });
    }
    expect(await log()).toHaveLength(length);
    const isSeen = async (id: string) =>
      (await member(BOB))?.intervals.some(({ afterId, upToId = '~' }) => id > afterId && id <= upToId);
    expect(await Promise.all(seen.map(isSeen))).toEqual(seen.map(() => true));
    expect(await Promise.all(missed.map(isSeen))).toEqual(missed.map(() => false));
    await change('approve', { users: [BOB] });
    expect((await member(BOB))?.intervals).toHaveLength(MAX_INTERVALS);
    expect([await isSeen(seen[0] ?? ''), await isSeen(seen[1] ?? '')]).toEqual([false, true]);
    expect((await Promise.all(missed.map(isSeen))).some(Boolean)).toBe(false);
  });

  /** Bob is in g1, g3 and g5 and has left the others: [group, when that was, as he sees it]. */
  test('C16: stays beyond those that are remembered are forgotten, the oldest first, whoever adds', async () => {
    await create([]);
    for (let stay = 0; stay < MAX_INTERVALS + 2; stay++) {
      await change('add', { users: [BOB] });
      await change('leave', {}, { by: BOB });
    }
    const intervals = (await member(BOB))?.intervals ?? [];
    expect([intervals.length, intervals[0]?.after]).toEqual([MAX_INTERVALS, 5]);
  });
}
