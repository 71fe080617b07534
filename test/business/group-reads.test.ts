import type { MessageEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { framesTo, headOf, idOf, LOG, TEAM, teamHouse } from './groups.ts';

test('C7, C21, C22: reading moves the reader’s mark, tells their devices and a small group, and nothing for others', async () => {
  const { house, process, events } = await teamHouse();
  const sent = ['one', 'two', 'three'].map((name) => events.inGroup('ann', TEAM, name, { mentions: ['cid'] }));
  await house.publish(sent);
  await house.quiet();
  expect(await headOf(house, 'cid')).toMatchObject({ unread: 3, mentions: 3 });
  process.arm(null);
  const upTo = idOf(sent[1] as MessageEvent);
  await house.publish([
    { ...events.receipt('read', sent[1] as MessageEvent), by: 'cid' },
    { ...events.receipt('delivered', sent[2] as MessageEvent), by: 'cid' },
  ]);
  await house.quiet();
  expect(await headOf(house, 'cid')).toMatchObject({ unread: 1, mentions: 1, read: { upTo } });
  expect(framesTo(house, 'cid', 'read')).toMatchObject([{ conversationId: TEAM, upTo, position: expect.any(Number) }]);
  expect(framesTo(house, LOG, 'read_mark')).toMatchObject([{ by: 'cid', upTo }]);
  expect(framesTo(house, 'ann', 'receipt')).toEqual([]);
  expect(process.steps.filter((step) => /append|raise|put/.test(step))).toEqual([]);
});

test('C22: the mark moves neither back, nor for ids that do not exist, nor for strangers', async () => {
  const { house, events } = await teamHouse();
  const [one, two] = [events.inGroup('ann', TEAM, 'one'), events.inGroup('ann', TEAM, 'two')];
  const absent = events.inGroup('ann', TEAM, 'absent');
  await house.publish([one, two]);
  await house.quiet();
  const read = (by: string, of: MessageEvent) => ({ ...events.receipt('read', of), by });
  await house.publish([read('cid', two), read('cid', one), read('dan', absent), read('eve', two)]);
  await house.quiet();
  expect((await headOf(house, 'cid')).read.upTo).toBe(idOf(two));
  expect((await headOf(house, 'dan')).read.upTo).toBe('');
  expect((await house.groups.headsOf([{ conversationId: TEAM, userId: 'eve' }]))[0]).toBeNull();
  expect(framesTo(house, LOG, 'read_mark').map(({ by }) => by)).toEqual(['cid']);
});

test('a large group is not told who has read what', async () => {
  const { house, events } = await teamHouse({}, { maxSmallGroup: 3 });
  const sent = events.inGroup('ann', TEAM, 'one');
  await house.publish([sent, { ...events.receipt('read', sent), by: 'cid' }]);
  await house.quiet();
  expect((await headOf(house, 'cid')).read.upTo).toBe(idOf(sent));
  expect(framesTo(house, LOG, 'read_mark')).toEqual([]);
});
