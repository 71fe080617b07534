import { contentDigests } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { type BatchState, RecordBatch, senderKey } from './record-batch.ts';

const message = {
  messageId: `0199c3d2a4f1${'0'.repeat(12)}`,
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  to: 'bob',
  clientMessageId: 'k',
  kind: 'c2c' as const,
  sentAt: 1_000,
  content: { text: 'hi', data: { z: 1, a: 2 } },
};

test('C4: what a release before recorded, with its digest, is the same message when it is sent again', () => {
  const heads = new Map(
    ['ann', 'bob'].map((userId) => [userId, { userId, head: 1, floor: 0, unread: 1, oldestAt: 1 }]),
  );
  for (const digest of contentDigests(message)) {
    const first = { messageId: message.messageId, digest, senderPosition: 1, receiverPosition: 1 };
    const state: BatchState = { heads, sides: new Map(), first: new Map([[senderKey(message), first]]) };
    const results = [message.content, { data: { z: 1, a: 2 }, text: 'no' }].map(
      (content) => new RecordBatch(state, 2_000).record({ ...message, content }).result,
    );
    expect(results).toEqual(['duplicate', 'conflict']);
  }
});
