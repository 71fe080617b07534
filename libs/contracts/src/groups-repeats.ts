import { expect, test } from 'vitest';
import { ANN, BOB, BOUNDS, CAT, DAN, type GroupsHarness, groupsFixture, mustBeApplied } from './groups-fixture.ts';

/** Changes that are asked for again. */
export function repeatTests(harness: GroupsHarness): void {
  const { store, changeOf, apply, change, create, member, group, log, inbox } = groupsFixture(harness);

  test('a repeat of a change has the outcome of the first, and changes nothing', async () => {
    const first = changeOf('create', { name: 'T', description: '', picture: '', settings: {}, members: [BOB] });
    expect(await store().outcome(first)).toBeNull();
    const { outcome } = mustBeApplied(await store().apply(first, BOUNDS));
    await change('add', { users: [CAT] });
    const before = [await log(), await inbox(ANN), await group()];
    const again = { ...first, at: first.at + 9 };
    expect(await store().apply(again, BOUNDS)).toEqual({ outcome, notice: null, told: [], isRepeat: true });
    expect(await store().outcome(again)).toEqual(outcome);
    expect([await log(), await inbox(ANN), await group()]).toEqual(before);
  });

  test('a refusal is kept as well: its repeat is refused though it could be applied by then', async () => {
    await create([BOB], { add: 'admins' });
    const wanted = changeOf('add', { users: [CAT] }, { by: BOB });
    const { outcome, notice, told } = await store().apply(wanted, BOUNDS);
    expect(outcome).toMatchObject({ result: 'refused', code: 'not_allowed', field: 'conversationId' });
    expect([notice, told]).toEqual([null, []]);
    await change('role', { userId: BOB, role: 'admin' });
    expect(await store().apply(wanted, BOUNDS)).toEqual({ outcome, notice: null, told: [], isRepeat: true });
    expect(await store().outcome(wanted)).toEqual(outcome);
    expect(await member(CAT)).toBeNull();
  });

  test('C3: a change that can never be handled is refused for good, unless it was applied before', async () => {
    await create([BOB]);
    const code = 'unprocessable';
    const refusal = { result: 'refused', code, field: 'conversationId', message: 'never' } as const;
    const wanted = changeOf('add', { users: [CAT] });
    await store().refuse(wanted, refusal);
    await store().refuse(wanted, { ...refusal, message: 'again' });
    expect(await store().outcome(wanted)).toEqual(refusal);
    expect(await store().apply(wanted, BOUNDS)).toMatchObject({ outcome: refusal, isRepeat: true });
    expect(await member(CAT)).toBeNull();
    const done = changeOf('add', { users: [DAN] });
    const { outcome } = await store().apply(done, BOUNDS);
    await store().refuse(done, refusal);
    expect(await store().outcome(done)).toEqual(outcome);
  });

  test('another change under the same key is a conflict; the same key is another asker’s and another group’s own', async () => {
    await create([BOB]);
    const key = { changeId: 'key' };
    await change('add', { users: [CAT] }, key);
    const other = changeOf('add', { users: [DAN] }, key);
    expect(await store().outcome(other)).toEqual({ result: 'conflict' });
    expect(await store().apply(other, BOUNDS)).toMatchObject({ outcome: { result: 'conflict' }, isRepeat: true });
    expect(await store().apply(changeOf('leave', {}, key), BOUNDS)).toMatchObject({ outcome: { result: 'conflict' } });
    expect(await member(DAN)).toBeNull();
    await change('add', { users: [DAN] }, { ...key, by: BOB });
    await create([], {}, { ...key, conversationId: 'other' });
    expect(await member(DAN)).not.toBeNull();
  });

  test('an id is given to one group: another creation is refused and changes nothing', async () => {
    const outcomes = await Promise.all(
      [ANN, BOB, CAT].map((by) =>
        apply('create', { name: by, description: '', picture: '', settings: {}, members: [] }, { by }),
      ),
    );
    const results = outcomes.map(({ outcome }) => (outcome.result === 'refused' ? outcome.code : outcome.result));
    expect(results.sort()).toEqual(['applied', 'group_exists', 'group_exists']);
    const { owner, name, memberCount } = await group();
    expect([name, memberCount]).toEqual([owner, 1]);
    expect(await log()).toHaveLength(1);
  });
}
