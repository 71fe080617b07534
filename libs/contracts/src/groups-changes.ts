import { defined, type Group, groupLog } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  BOB,
  BOUNDS,
  CAT,
  DAN,
  EVE,
  type GroupsHarness,
  groupsFixture,
  mustBeApplied,
  TEAM,
} from './groups-fixture.ts';

/** Changes of groups: what is written for them, once, in the order of the group's log. */
export function changeTests(harness: GroupsHarness): void {
  const { store, logs, changeOf, apply, change, create, post, offer, member, group, roles, log, inbox } =
    groupsFixture(harness);

  test('C18: a group begins with a notice in its log, and an update in the inbox of everybody in it', async () => {
    const at = harness.clock.now();
    const { outcome, notice, told, isRepeat } = await create([BOB, CAT, BOB], { history: 'since_join' }, { at });
    expect(isRepeat).toBe(false);
    expect(outcome.users).toEqual([ANN, BOB, CAT]);
    expect(outcome.group).toMatchObject({
      conversationId: TEAM,
      owner: ANN,
      memberCount: 3,
      version: 1,
      createdAt: at,
    });
    expect(await group()).toEqual(outcome.group);
    expect(outcome.group.settings).toMatchObject({ history: 'since_join', post: 'all', maxMembers: 100 });
    const created = { type: 'notice', conversationId: TEAM, notice: 'created', by: ANN, users: [BOB, CAT], version: 1 };
    expect(notice).toEqual({ ...created, at, position: 1 });
    expect(await log()).toEqual([notice]);
    expect(told.map(({ userId }) => userId)).toEqual([ANN, BOB, CAT]);
    for (const { userId, entry } of told) {
      expect(entry).toMatchObject({ type: 'membership', event: 'added', by: ANN, version: 1, position: 1 });
      expect(await inbox(userId)).toEqual([entry]);
    }
    expect(await member(BOB)).toEqual({
      conversationId: TEAM,
      userId: BOB,
      role: 'member',
      joinedAt: at,
      mutedUntil: 0,
      intervals: [{ after: 0, afterId: '' }],
      leftAt: 0,
      wasRemoved: false,
    });
    expect(await roles()).toEqual([
      [ANN, 'owner'],
      [BOB, 'member'],
      [CAT, 'member'],
    ]);
  });

  test('all groups are listed page by page, each once, dissolved ones too', async () => {
    const ids = ['m', 'a', 'z', 'b', TEAM];
    for (const conversationId of ids) await create([], {}, { conversationId });
    await change('dissolve', {}, { conversationId: 'a' });
    const found: Group[] = [];
    for (let after: string | undefined, calls = 0; calls === 0 || after !== undefined; calls++) {
      const page = await store().all({ ...defined({ after }), limit: 2 });
      expect(page.groups.length).toBeLessThanOrEqual(2);
      expect(page.next ?? '').toMatch(/^[\w.:-]{0,64}$/);
      found.push(...page.groups);
      after = page.next;
    }
    expect(found.map(({ conversationId }) => conversationId).sort()).toEqual(ids.sort());
    expect(found).toEqual(await store().groups(found.map(({ conversationId }) => conversationId)));
    expect(found.find(({ conversationId }) => conversationId === 'a')?.dissolvedAt).not.toBe(0);
    expect(await store().all({ limit: 5 })).not.toHaveProperty('next');
  });

  test('each change is a notice at its place among the messages, and raises the version', async () => {
    await create();
    await post(ANN);
    await change('update', { name: 'New', settings: { post: 'admins' } });
    await change('role', { userId: BOB, role: 'admin' });
    await post(BOB);
    await change('mute', { userId: CAT, until: harness.clock.now() + 60_000 }, { by: BOB });
    await change('transfer', { userId: BOB });
    await change('remove', { users: [CAT] }, { by: BOB });
    await change('leave', {});
    await change('dissolve', {}, { by: BOB });
    const entries = await log();
    expect(entries.map((entry) => (entry.type === 'notice' ? entry.notice : entry.type))).toEqual([
      ...['created', 'message', 'updated', 'role', 'message', 'muted', 'owner', 'removed', 'left', 'dissolved'],
    ]);
    const versions = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.version] : []));
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await group()).toMatchObject({ name: 'New', owner: BOB, memberCount: 1, version: 8 });
    expect((await group()).dissolvedAt).toBeGreaterThan(0);
    const told = (await inbox(CAT)).map((entry) => entry.type === 'membership' && entry.event);
    expect(told).toEqual(['added', 'muted', 'removed']);
    const roles = (await inbox(BOB)).flatMap((entry) => (entry.type === 'membership' ? [entry.role] : []));
    expect(roles).toEqual(['member', 'admin', 'owner', 'owner']);
  });

  test('C18: a stay is bounded by its notices, by position and by id', async () => {
    await create();
    const first = await post(ANN);
    await change('remove', { users: [BOB] });
    const second = await post(ANN);
    await change('add', { users: [BOB] });
    expect((await member(BOB))?.intervals).toEqual([
      { after: 0, afterId: '', upTo: 3, upToId: first.messageId },
      { after: 4, afterId: second.messageId },
    ]);
  });

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

  test('of a change that arrives several times at once, one is applied', async () => {
    await create([]);
    const wanted = changeOf('add', { users: [BOB, CAT] });
    const all = await Promise.all(Array.from({ length: 5 }, () => store().apply(wanted, BOUNDS)));
    expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(all.map(({ outcome }) => outcome)).toEqual(Array(5).fill(all[0]?.outcome));
    expect(await group()).toMatchObject({ memberCount: 3, version: 2 });
    expect(await log()).toHaveLength(2);
  });

  test('changes by several at once are applied one after the other: count, version and log agree', async () => {
    await create([BOB, CAT]);
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    await Promise.all([
      ...users.map((user, n) => apply('add', { users: [user, 'everybody'] }, { by: [ANN, BOB, CAT][n % 3] ?? ANN })),
      ...users.map(() => offer(ANN)),
    ]);
    const { memberCount, version } = await group();
    expect(memberCount).toBe(16);
    expect(await roles()).toHaveLength(16);
    const entries = await log();
    const versions = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.version] : []));
    expect(versions).toEqual(Array.from({ length: 13 }, (_, n) => n + 1));
    expect(version).toBe(13);
    expect(entries).toHaveLength(25);
    const joined = entries.flatMap((entry) => (entry.type === 'notice' ? (entry.users ?? []) : []));
    expect(joined.filter((user) => user === 'everybody')).toHaveLength(1);
  });

  test('C16: of joins at once none goes beyond the maximum of members', async () => {
    await create([], { maxMembers: 3 });
    const users = [BOB, CAT, DAN, EVE];
    const all = await Promise.all(users.map((user) => apply('add', { users: [user] })));
    const codes = all.flatMap(({ outcome }) => (outcome.result === 'refused' ? [outcome.code] : []));
    expect(codes).toEqual(['group_full', 'group_full']);
    expect((await group()).memberCount).toBe(3);
    expect(await roles()).toHaveLength(3);
  });

  test('C16: a user joins no more groups than the server allows; dissolved and left ones do not count', async () => {
    const bounds = { ...BOUNDS, maxGroupsPerUser: 2 };
    const creation = { name: 'G', description: '', picture: '', settings: {}, members: [BOB] };
    const made = async (conversationId: string) =>
      (await store().apply(changeOf('create', creation, { conversationId, by: `owner-of-${conversationId}` }), bounds))
        .outcome;
    expect([(await made('g1')).result, (await made('g2')).result]).toEqual(['applied', 'applied']);
    expect(await made('g3')).toMatchObject({ code: 'too_many_groups', field: 'members', message: /bob/ });
    expect(await store().groups(['g3'])).toEqual([null]);
    await change('leave', {}, { conversationId: 'g1', by: BOB });
    expect((await made('g4')).result).toBe('applied');
    expect((await made('g5')).result).toBe('refused');
    await change('dissolve', {}, { conversationId: 'g2', by: 'owner-of-g2' });
    expect((await made('g6')).result).toBe('applied');
  });

  test('what changes nothing is applied and leaves no trace', async () => {
    await create();
    const before = [await log(), await group()];
    for (const applied of [
      await change('add', { users: [BOB, ANN] }),
      await change('remove', { users: [EVE] }),
      await change('role', { userId: BOB, role: 'member' }),
      await change('update', { name: 'Team' }),
      await change('unlink', { linkId: 'none' }),
    ]) {
      expect(applied).toMatchObject({ outcome: { users: [] }, notice: null, told: [] });
    }
    expect([await log(), await group()]).toEqual(before);
  });

  test('C10: a group’s log is a log like any: it has an epoch, is trimmed, and goes on at its head', async () => {
    await create();
    await post(ANN);
    await harness.advance(30);
    const cut = harness.clock.now();
    await harness.advance(30);
    await logs().trim(cut, 100);
    expect(await logs().page(groupLog(TEAM), 0, 10)).toMatchObject({ entries: [], head: 2, floor: 2 });
    expect((await change('leave', {}, { by: BOB })).notice?.position).toBe(3);
    expect((await member(BOB))?.intervals[0]?.upTo).toBe(3);
  });
}
