import { DEFAULT_LIMITS, directAudience } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { House, sessionOf } from './house.ts';

const UNHEARD = { audience: directAudience('ann', 'bob', true) };

test('C15: who recalls another’s message is refused; what the caller cannot see is not found', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, recall } = eventsOf(house);
  const [seen, unheard] = [message('ann', 'bob', 'seen'), message('ann', 'bob', 'unheard', UNHEARD)];
  const absent = message('ann', 'bob', 'absent');
  const byBob = (of: typeof seen) => ({
    ...recall(of),
    by: 'bob',
    sessionId: sessionOf('bob'),
    ref: of.encoded.message.clientMessageId,
  });
  house.start();
  await house.publish([seen, unheard]);
  await house.quiet();
  await house.publish([seen, unheard, absent].map(byBob));
  await house.quiet();
  const answers = house.shown.flatMap(({ userId, frame }) =>
    frame.type === 'error' ? [[userId, frame.ref, frame.code, frame.field]] : [],
  );
  expect(answers.toSorted()).toEqual([
    ['bob', 'absent', 'message_not_found', 'messageId'],
    ['bob', 'seen', 'recall_refused', 'messageId'],
    ['bob', 'unheard', 'message_not_found', 'messageId'],
  ]);
  expect(house.shown.filter(({ frame }) => frame.type === 'recall')).toEqual([]);
});

test('a recall is refused after the recall window, also to its sender', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, recall } = eventsOf(house);
  const [old, young] = [message('ann', 'bob', 'old'), message('ann', 'bob', 'young')];
  const at = old.encoded.message.sentAt + DEFAULT_LIMITS.recallWindowMs;
  house.start();
  await house.publish([old, young]);
  await house.publish([
    { ...recall(old), at: at + 1, ref: 'old' },
    { ...recall(young), at, ref: 'young' },
  ]);
  await house.quiet();
  const errors = house.shown.flatMap(({ frame }) => (frame.type === 'error' ? [[frame.ref, frame.code]] : []));
  expect(errors).toEqual([['old', 'recall_refused']]);
  const [kept, recalled] = await house.messages.get([old.encoded.message, young.encoded.message]);
  expect(kept).toMatchObject({ content: { text: 'old' }, revision: 0 });
  expect(recalled).toMatchObject({ content: {}, recalledAt: at, revision: 1 });
});

test.each(['together', 'apart'])('a repeated recall changes nothing and is not answered, handled %s', async (how) => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, recall } = eventsOf(house);
  const one = message('ann', 'bob', 'one');
  house.start();
  await house.publish([one]);
  const { at } = recall(one);
  const recalls = [at, at + 5].map((time) => ({ ...recall(one), at: time, ref: String(time) }));
  if (how === 'together') await house.publish(recalls);
  else for (const event of recalls) await house.publish([event]);
  await house.quiet();
  const answers = house.shown.filter(({ frame }) => frame.type === 'recall' || frame.type === 'error');
  expect(answers.map(({ userId, frame }) => [userId, frame.type]).toSorted()).toEqual([
    ['ann', 'recall'],
    ['bob', 'recall'],
  ]);
  expect((await house.messages.get([one.encoded.message]))[0]).toMatchObject({ recalledAt: at, revision: 1 });
});
