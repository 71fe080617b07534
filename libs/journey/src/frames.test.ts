import type { Message } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { liveChatFrame } from './frames.ts';

const message: Message = {
  ...{ messageId: 'm', conversationId: 'ann~bob', from: 'ann', fromDevice: 'phone', to: 'bob' },
  ...{ clientMessageId: 'c', kind: 'c2c', content: { text: 'hi' }, sentAt: 1 },
};

test('a silenced message looks like any other to the other devices of its sender', () => {
  const frame = liveChatFrame({ ...message, silenced: true });
  expect(frame).toStrictEqual(liveChatFrame(message));
  expect(JSON.stringify(frame)).not.toContain('silenced');
});

test('the message itself keeps its mark', () => {
  const silenced: Message = { ...message, silenced: true };
  liveChatFrame(silenced);
  expect(silenced.silenced).toBe(true);
});
