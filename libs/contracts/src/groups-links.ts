import { EXPIRED_LINK_KEPT_MS, MAX_LINKS } from '@chasqui/domain';
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

/** Links by which users join by themselves, and requests that wait for an admin. */
export function linkTests(harness: GroupsHarness): void {
  const { store, changeOf, apply, create, change, member, roles } = groupsFixture(harness);

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
    expect(await store().links(TEAM)).toEqual([]);
    expect(await store().link(LINK)).toMatchObject({ conversationId: TEAM, usesLeft: 0 });
    await change('join', { linkId: LINK }, { by: DAN });
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
    const late = await apply('join', { linkId: 'short' }, { by: EVE, at: now + 1_501 });
    expect(late.outcome).toMatchObject({ code: 'link_invalid', field: 'linkId' });
    const end = now + 1_500 + EXPIRED_LINK_KEPT_MS;
    await change('link', { linkId: 'kept', expiresAt: 0, uses: null }, { at: end - 1 });
    expect(await store().link('short')).toMatchObject({ conversationId: TEAM });
    await change('link', { linkId: 'last', expiresAt: 0, uses: null }, { at: end });
    expect(await store().link('short')).toBeNull();
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

  test('the requests of a user who is erased end, wherever they wait; others wait on', async () => {
    const groups = [TEAM, 'g2', 'g3'];
    for (const [n, conversationId] of groups.entries()) {
      await create([], { join: 'approval' }, { conversationId });
      await change('link', { linkId: `link-${n}`, expiresAt: 0, uses: null }, { conversationId });
      for (const by of [EVE, DAN]) await change('join', { linkId: `link-${n}` }, { conversationId, by });
    }
    await change('dissolve', {}, { conversationId: 'g3' });
    for (let time = 0; time < 2; time++) await store().removeRequests(EVE);
    for (const conversationId of groups) {
      const waiting = (await store().requests(conversationId, { limit: 10 })).map(({ userId }) => userId);
      expect([conversationId, waiting]).toEqual([conversationId, [DAN]]);
    }
    expect((await change('approve', { users: [EVE, DAN] })).outcome).toMatchObject({ users: [DAN] });
  });

  test('adding somebody who waits ends their request', async () => {
    await create([], { join: 'approval' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    await change('join', { linkId: LINK }, { by: EVE });
    await change('add', { users: [EVE] });
    expect(await store().requests(TEAM, { limit: 10 })).toEqual([]);
  });
}
