import { expect, test } from 'vitest';
import { AckBatcher } from './ack-batcher.ts';

test('the acks of a turn are one frame for each conversation and 500 messages, and are taken once', () => {
  const acks = new AckBatcher();
  for (let n = 0; n < 501; n++) acks.add('amy~bob', `${n}`);
  acks.add('amy~cid', '0');
  acks.add('amy~bob', '501');
  const frames = acks.take();
  expect(frames.map(({ conversationId, messageIds }) => [conversationId, messageIds.length])).toEqual([
    ['amy~bob', 500],
    ['amy~bob', 2],
    ['amy~cid', 1],
  ]);
  expect(frames[1]).toEqual({ type: 'ack', state: 'delivered', conversationId: 'amy~bob', messageIds: ['500', '501'] });
  expect(acks.take()).toEqual([]);
});
