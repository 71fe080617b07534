import { Business } from '@chasqui/app-business/core';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { House } from './house.ts';

const HOLD = { holdId: 'a'.repeat(24), kind: 'user', subject: 'ann', reason: 'case 7', placedBy: 'key:1' } as const;

/** A message that ann has edited so many times. */
async function edited(keptVersions: number, times: number) {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start(undefined, (options) => new Business({ ...options, keptVersions }));
  const { message, edit, recall } = eventsOf(house);
  const one = message('ann', 'bob', 'words 0');
  await house.publish([one]);
  await house.quiet();
  await house.publish(
    Array.from({ length: times }, (_, n) => ({ ...edit(one, `words ${n + 1}`, `e${n}`), at: n + 1 })),
  );
  await house.quiet();
  const stored = async () => (await house.messages.get([one.encoded.message]))[0];
  const texts = async () => (await stored())?.versions?.map(({ content: { text } }) => text);
  return { house, one, stored, texts, recall: () => recall(one), edit };
}

test('each edit keeps what it replaces, since when it was said, and nobody is sent it', async () => {
  const { house, one, stored, edit } = await edited(5, 2);
  const sentAt = one.encoded.message.sentAt;
  const versions = [
    { content: { text: 'words 0' }, at: sentAt },
    { content: { text: 'words 1' }, at: 1 },
  ];
  expect(await stored()).toMatchObject({ content: { text: 'words 2' }, versions });
  await house.publish([edit(one, 'words 1', 'e0')]);
  await house.quiet();
  expect(await stored()).toMatchObject({ revision: 2, versions });
  expect(JSON.stringify([house.shown, house.told, house.pushTasks])).not.toContain('versions');
});

test('C16: the first version and the latest are kept; without the setting, none', async () => {
  expect(await (await edited(3, 6)).texts()).toEqual(['words 0', 'words 4', 'words 5']);
  expect(await (await edited(1, 3)).texts()).toEqual(['words 0']);
  expect(await (await edited(0, 3)).texts()).toBeUndefined();
});

test('a recall removes all versions, and a legal hold keeps them with the message', async () => {
  const { house, stored, texts, recall } = await edited(5, 2);
  await house.holds.place({ ...HOLD, placedAt: 1 });
  await house.publish([recall()]);
  await house.quiet();
  expect(await stored()).toMatchObject({ content: {}, revision: 3 });
  expect(await texts()).toBeUndefined();
  expect(JSON.stringify(await stored())).not.toMatch(/words [12]/);
  const [kept] = await house.holds.kept(HOLD.holdId, { limit: 9 });
  expect(kept?.content).toEqual({ text: 'words 2' });
  expect(kept?.versions?.map(({ content }) => content.text)).toEqual(['words 0', 'words 1']);
});
