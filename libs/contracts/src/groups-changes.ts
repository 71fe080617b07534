import { groupLog, MAX_LINKS } from '@chasqui/domain';
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
  LINK,
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

  test('links: made, found, used up, removed; a repeat that proposes another id has the id of the first', async () => {
    const at = harness.clock.now();
    await create([BOB]);
    const wanted = changeOf('link', { linkId: LINK, expiresAt: 0, uses: 2 }, { by: BOB, at });
    const { outcome, notice } = mustBeApplied(await store().apply(wanted, BOUNDS));
    expect([outcome.linkId, notice]).toEqual([LINK, null]);
    const again = { ...wanted, details: { linkId: 'another', expiresAt: 0, uses: 2 } } as typeof wanted;
    expect(await store().apply(again, BOUNDS)).toMatchObject({ outcome: { linkId: LINK }, isRepeat: true });
    const link = { conversationId: TEAM, linkId: LINK, createdBy: BOB, createdAt: at, expiresAt: 0, usesLeft: 2 };
    expect(await store().link(LINK)).toEqual(link);
    await change('join', { linkId: LINK }, { by: CAT });
    expect(await store().links(TEAM)).toEqual([{ ...link, usesLeft: 1 }]);
    await change('join', { linkId: LINK }, { by: DAN });
    expect([await store().link(LINK), await store().links(TEAM)]).toEqual([null, []]);
    expect((await apply('join', { linkId: LINK }, { by: EVE })).outcome).toMatchObject({ code: 'link_invalid' });
    await change('link', { linkId: 'second', expiresAt: 0, uses: null });
    await change('unlink', { linkId: 'second' });
    expect(await store().link('second')).toBeNull();
  });

  test('a link ends at its time, and is not another group’s', async () => {
    await create([]);
    await create([], {}, { conversationId: 'other' });
    const now = harness.clock.now();
    await change('link', { linkId: 'long', expiresAt: now + 1_000_000, uses: null }, { at: now });
    await change('link', { linkId: 'short', expiresAt: now + 1_500, uses: null }, { at: now + 1 });
    expect((await store().links(TEAM)).map(({ linkId }) => linkId)).toEqual(['short', 'long']);
    expect((await apply('join', { linkId: 'long' }, { by: EVE, conversationId: 'other' })).outcome).toMatchObject({
      code: 'link_invalid',
    });
    await harness.advance(1_600);
    expect((await store().links(TEAM)).map(({ linkId }) => linkId)).toEqual(['long']);
    expect(await store().link('short')).toBeNull();
    const late = await apply('join', { linkId: 'short' }, { by: EVE, at: now + 1_501 });
    expect(late.outcome).toMatchObject({ code: 'link_invalid', field: 'linkId' });
  });

  test('C16: a group has a bounded number of links; ended ones do not count', async () => {
    await create([]);
    const now = harness.clock.now();
    const details = (n: number) => ({ linkId: `link-${n}`, expiresAt: n === 0 ? now + 1_000 : 0, uses: null });
    for (let n = 0; n < MAX_LINKS; n++) await change('link', details(n), { at: now });
    expect((await apply('link', details(MAX_LINKS), { at: now })).outcome).toMatchObject({ code: 'limit_reached' });
    await change('link', details(MAX_LINKS), { at: now + 1_000 });
    expect(await store().link(`link-${MAX_LINKS}`)).not.toBeNull();
  });

  test('requests wait until an admin decides, oldest first, and their admins hear of them', async () => {
    await create([BOB, CAT], { join: 'approval' });
    await change('role', { userId: BOB, role: 'admin' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    const at = harness.clock.now();
    const asked = await change('join', { linkId: LINK }, { by: EVE, at: at + 2 });
    expect(asked).toMatchObject({ outcome: { isRequested: true, users: [] }, notice: null });
    expect(asked.told.map(({ userId, entry }) => [userId, entry.event])).toEqual([
      [ANN, 'request'],
      [BOB, 'request'],
    ]);
    await change('join', { linkId: LINK }, { by: DAN, at: at + 1 });
    expect((await change('join', { linkId: LINK }, { by: DAN })).told).toEqual([]);
    const [dan, eve] = [DAN, EVE].map((userId, n) => ({ conversationId: TEAM, userId, at: at + 1 + n }));
    expect(await store().requests(TEAM, { limit: 10 })).toEqual([dan, eve]);
    expect(await store().requests(TEAM, { limit: 1 })).toEqual([dan]);
    expect(await store().requests(TEAM, { after: dan ?? expect.fail(), limit: 10 })).toEqual([eve]);
    expect(await member(DAN)).toBeNull();
    const { notice, outcome } = await change('approve', { users: [DAN, 'nobody'] }, { by: BOB });
    expect([notice?.notice, notice?.users, outcome.users]).toEqual(['joined', [DAN], [DAN]]);
    const { told } = await change('decline', { users: [EVE] }, { by: BOB });
    expect(told.map(({ userId, entry }) => [userId, entry.event])).toEqual([[EVE, 'declined']]);
    expect(await store().requests(TEAM, { limit: 10 })).toEqual([]);
    expect((await roles()).map(([user]) => user)).toEqual([ANN, BOB, CAT, DAN]);
  });

  test('adding somebody who waits ends their request', async () => {
    await create([], { join: 'approval' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    await change('join', { linkId: LINK }, { by: EVE });
    await change('add', { users: [EVE] });
    expect(await store().requests(TEAM, { limit: 10 })).toEqual([]);
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
