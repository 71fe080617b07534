import { directAudience } from '@chasqui/domain';
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
