import type { Message } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { liveChatFrame, storedChatFrame } from './frames.ts';

const message: Message = {
  messageId: 'm',
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  to: 'bob',
  clientMessageId: 'c',
  kind: 'c2c',
  content: { text: 'hi' },
  sentAt: 1,
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

test('C3: a message whose stored content is lost has no content, and is not taken for a recalled one', () => {
  const frame = storedChatFrame({ ...message, content: {}, status: 'stored', steps: [] });
  expect(frame).not.toHaveProperty('content');
  expect(frame).not.toHaveProperty('recalledAt');
});

test('C10: what an earlier version stored too deep for an encoder is shown with its text alone', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value, b: 'x' };
    return value;
  };
  const shown = (levels: number) =>
    storedChatFrame({
      ...message,
      content: { text: 'hi', data: nested(levels) as { [key: string]: unknown } },
      status: 'stored',
      steps: [],
    }).content;
  expect(shown(64)).toHaveProperty('data');
  for (const levels of [65, 2_000, 100_000]) expect(shown(levels)).toEqual({ text: 'hi' });
});
