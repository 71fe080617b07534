import { Business } from '@chasqui/app-business/core';
import { expect, test } from 'vitest';
import { logOfTeam, TEAM, teamHouse } from './groups.ts';

/** How long direct messages are kept in this test, in ms. */
const KEPT_MS = 8_000;

test('C8, C10, C13: old direct messages lose their content everywhere; positions, counts and held copies stay', async () => {
  const { house, events } = await teamHouse();
  const hold = { holdId: 'a'.repeat(24), kind: 'conversation', subject: 'ann~cid', reason: 'case 7' } as const;
  await house.holds.place({ ...hold, placedBy: 'key:1', placedAt: 1 });
  const [old, held] = [events.message('ann', 'bob', 'old words'), events.message('ann', 'cid', 'held words')];
  const inTeam = events.inGroup('ann', TEAM, 'team words');
  await house.publish([old, held, inTeam]);
  await house.quiet();
  const before = await house.logs.page('bob', 0, 100);
  const team = await logOfTeam(house);
  await house.clock.advance(KEPT_MS);
  const young = events.message('ann', 'bob', 'young words');
  await house.publish([young]);
  await house.quiet();

  house.start(undefined, (options) => new Business({ ...options, retention: { c2c: KEPT_MS } }));
  await house.clock.advance(1_000);
  await house.quiet();
  const textOf = async ({ encoded: { message } }: typeof old) => {
    const [stored] = await house.messages.get([message]);
    return stored?.content.text;
  };
  expect(await Promise.all([old, held, young].map(textOf))).toEqual([undefined, undefined, 'young words']);
  const [inGroup] = await house.messages.page(TEAM, { limit: 1 });
  expect(inGroup?.content.text).toBe('team words');
  const hits = await house.search.search({ logs: 'all', text: 'words', limit: 9 });
  expect(hits.map(({ text }) => text).sort()).toEqual(['team words', 'young words']);
  expect((await house.conversations.unread('bob')).byConversation).toEqual({ 'ann~bob': 2 });
  const inbox = await house.logs.page('bob', 0, 100);
  expect(inbox.entries.slice(0, before.head)).toEqual(before.entries);
  expect(inbox.entries.at(-1)).toMatchObject({ type: 'action', action: 'recall', by: 'system' });
  expect(await logOfTeam(house)).toEqual(team);
  expect(await house.holds.kept(hold.holdId, { limit: 9 })).toMatchObject([{ content: { text: 'held words' } }]);
});
