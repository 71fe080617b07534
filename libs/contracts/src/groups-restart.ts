import { groupLog } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, BOUNDS, CAT, DAN, EVE, type GroupsHarness, groupsFixture, LINK, TEAM } from './groups-fixture.ts';

/** What was resolved survives a kill. */
export function restartTests(harness: GroupsHarness): void {
  const fixture = groupsFixture(harness);
  const { subject, store, conversations, changeOf, create, change, toGroup, post, read, counts, log, inbox } = fixture;

  test('C2, C18, C21: groups, members, links, requests, marks, counts and logs are as they were', async () => {
    await create([BOB, CAT, DAN], { join: 'approval', history: 'since_join' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: 7 }, { by: BOB });
    await change('join', { linkId: LINK }, { by: EVE });
    await change('role', { userId: BOB, role: 'admin' });
    await change('mute', { userId: CAT, until: harness.clock.now() + 1_000_000 });
    const first = await post(ANN, { mentions: 'all' });
    await post(BOB, { mentions: [CAT], text: 'last' });
    await read(CAT, first.messageId, 4);
    await change('remove', { users: [DAN] });
    const recall = { action: 'recall' as const, revision: 1, by: ANN, at: 5 };
    await conversations().act([
      {
        ...recall,
        conversationId: TEAM,
        messageId: first.messageId,
        audience: first.audience,
      },
    ]);
    const all = async () => ({
      group: await fixture.group(),
      roles: await fixture.roles(),
      members: await Promise.all([ANN, BOB, CAT, DAN, EVE].map((user) => fixture.member(user))),
      heads: await Promise.all([ANN, BOB, CAT, DAN].map((user) => fixture.head(user))),
      links: await store().links(TEAM),
      requests: await store().requests(TEAM, { limit: 9 }),
      readers: await store().readers(TEAM, first.messageId, { limit: 9 }),
      log: await log(),
      inboxes: await Promise.all([ANN, BOB, CAT, DAN].map(inbox)),
    });
    const before = await all();
    expect(before.heads.map(({ unread, mentions }) => [unread, mentions])).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    await subject.reopen();
    expect(await all()).toEqual(before);
    await post(ANN);
    expect((await log()).at(-1)?.position).toBe(before.log.length + 1);
    expect(await counts(ANN, BOB, CAT, DAN)).toEqual([
      [1, 0],
      [2, 1],
      [2, 1],
      [0, 0],
    ]);
  });

  test('C4, C18: copies, refusals and outcomes of changes are known after a kill', async () => {
    await create([BOB]);
    const message = await post(ANN);
    const refused = toGroup(EVE);
    await conversations().record([refused]);
    const [applied, denied] = [changeOf('add', { users: [CAT] }), changeOf('dissolve', {}, { by: BOB })];
    const outcomes = [
      (await store().apply(applied, BOUNDS)).outcome,
      (await store().apply(denied, BOUNDS)).outcome,
    ] as const;
    await subject.reopen();
    await change('add', { users: [EVE] });
    const { places } = message.outcome;
    expect(await conversations().record([{ ...message, messageId: '0'.repeat(24) }, refused])).toEqual([
      { result: 'duplicate', messageId: message.messageId, places, unread: [] },
      { result: 'refused', reason: 'not_a_member', messageId: refused.messageId },
    ]);
    expect([await store().outcome(applied), await store().outcome(denied)]).toEqual(outcomes);
    expect(await store().apply(applied, BOUNDS)).toMatchObject({ isRepeat: true, outcome: outcomes[0] });
    expect(await store().outcome({ ...applied, by: BOB })).toBeNull();
  });

  test('C10, C18: what was written side by side is all there after a kill, in one order', async () => {
    await create([BOB]);
    const users = Array.from({ length: 10 }, (_, n) => `user-${n}`);
    await Promise.all(users.flatMap((one) => [change('add', { users: [one] }), post(ANN)]));
    const before = await log();
    expect(before).toHaveLength(21);
    await subject.reopen();
    expect(await log()).toEqual(before);
    const ids = before.flatMap((entry) => (entry.type === 'message' ? [entry.messageId] : []));
    expect(ids).toEqual(ids.toSorted());
    const after = await post(BOB, { messageId: ids[0] ?? '' });
    expect(after.outcome.places).toEqual([{ log: groupLog(TEAM), position: 22 }]);
    expect(after.messageId > (ids.at(-1) ?? '')).toBe(true);
  });
}
