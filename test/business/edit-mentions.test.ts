import { type ActionEvent, groupLog, type MessageEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { framesTo, TEAM, teamHouse } from './groups.ts';
import type { House } from './house.ts';

/** cid has written to the team; what was made of that is forgotten. */
async function written(mentions?: readonly string[] | 'all', history: 'all' | 'since_join' = 'all') {
  const { house, process, events } = await teamHouse({ history, mentionAll: 'all' });
  const one = events.inGroup('cid', TEAM, 'one', { ...(mentions && { mentions }) });
  await house.publish([one]);
  await house.quiet();
  house.pushTasks.length = 0;
  house.shown.length = 0;
  const edit = (named: readonly string[], actionId: string, text = actionId): ActionEvent<'edit'> => ({
    ...events.edit(one, text, actionId),
    mentions: named,
  });
  return { house, process, one, edit, events };
}
const mentionsOf = async ({ groups }: House, ...users: string[]) =>
  (await groups.headsOf(users.map((userId) => ({ conversationId: TEAM, userId })))).map((head) => head?.mentions);
const notified = ({ pushTasks }: House) => pushTasks.map(({ to }) => to).sort();
const storedOf = async ({ messages }: House, one: MessageEvent) => (await messages.get([one.encoded.message]))[0];

test('C21: an edit mentions whom it names anew: everybody sees it, and those are counted and notified once', async () => {
  const { house, one, edit } = await written(['bob']);
  await house.publish([edit(['bob', 'cid', 'dan'], 'a')]);
  await house.quiet();
  const mentions = ['bob', 'cid', 'dan'];
  expect(await storedOf(house, one)).toMatchObject({ mentions, content: { text: 'a' } });
  expect(framesTo(house, groupLog(TEAM), 'action')).toMatchObject([{ action: 'edit', mentions }]);
  expect(await mentionsOf(house, 'ann', 'bob', 'cid', 'dan')).toEqual([0, 1, 0, 1]);
  expect(notified(house)).toEqual(['dan']);
  const { messageId } = one.encoded.message;
  expect(house.pushTasks[0]).toMatchObject({ messageId, conversationId: TEAM, from: 'cid' });
  const told = house.told.filter(({ type }) => type === 'message.action');
  expect(told).toMatchObject([{ data: { action: 'edit', mentions } }]);
  await house.publish([edit(['bob', 'cid', 'dan'], 'a'), edit(['dan', 'ann'], 'b')]);
  await house.quiet();
  expect(await mentionsOf(house, 'ann', 'bob', 'dan')).toEqual([1, 1, 1]);
  expect(notified(house)).toEqual(['ann', 'dan']);
});

test('an edit that names nobody takes no mention back; one of a message to all adds none', async () => {
  const { house, one, events } = await written(['bob']);
  await house.publish([events.edit(one, 'nobody')]);
  await house.quiet();
  expect(await storedOf(house, one)).toMatchObject({ mentions: ['bob'] });
  expect(await mentionsOf(house, 'bob')).toEqual([1]);
  const toAll = await written('all');
  await toAll.house.publish([toAll.edit(['dan'], 'x')]);
  await toAll.house.quiet();
  expect(await storedOf(toAll.house, toAll.one)).toMatchObject({ mentions: 'all', content: { text: 'x' } });
  expect(await mentionsOf(toAll.house, 'dan')).toEqual([1]);
  expect([notified(house), notified(toAll.house)]).toEqual([[], []]);
});

test('C16: a message mentions at most 50 members, also by edits', async () => {
  const { house, one, edit } = await written(Array.from({ length: 49 }, (_, n) => `user${n}`));
  await house.publish([{ ...edit(['bob', 'dan'], 'a'), ref: 'more' }]);
  await house.quiet();
  expect(framesTo(house, 'cid', 'error')).toMatchObject([{ ref: 'more', code: 'action_refused', field: 'mentions' }]);
  expect(await storedOf(house, one)).toMatchObject({ revision: 0 });
  await house.publish([edit(['user3', 'dan'], 'b')]);
  await house.quiet();
  expect(await mentionsOf(house, 'dan')).toEqual([1]);
});

test('C20: where newcomers do not see the history, whoever is mentioned and may see the message is told alone', async () => {
  const { house, edit, events } = await written(undefined, 'since_join');
  await house.connect('eva', 'stranger');
  await house.publish([events.change('ann', TEAM, 'add', { users: ['eva'] })]);
  await house.quiet();
  house.shown.length = 0;
  await house.publish([edit(['bob', 'eva', 'stranger'], 'a')]);
  await house.quiet();
  expect(framesTo(house, groupLog(TEAM), 'action')[0]).not.toHaveProperty('mentions');
  const told = { action: 'edit', mentions: ['bob', 'eva', 'stranger'], content: { text: 'a' }, position: 5 };
  expect(framesTo(house, 'bob', 'action')).toMatchObject([told]);
  expect(house.shown.some(({ userId }) => ['eva', 'stranger'].includes(userId))).toBe(false);
  expect(await mentionsOf(house, 'bob', 'eva')).toEqual([1, 0]);
});

test.each(['messages.apply', 'conversations.act'])(
  'C17, C21: if the process ends after %s, the repeat counts and notifies, once',
  async (step) => {
    const { house, process, edit } = await written(['bob']);
    process.dieAfter(step);
    const { onSilence } = process;
    const dies = new Promise<void>((resolve) => {
      process.onSilence = () => resolve(onSilence());
    });
    await house.publish([edit(['bob', 'dan'], 'a')]);
    await dies;
    expect(notified(house)).toEqual([]);
    house.start();
    await house.quiet();
    expect(await mentionsOf(house, 'bob', 'dan')).toEqual([1, 1]);
    expect(notified(house)).toContain('dan');
  },
);
