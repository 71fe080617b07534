import { expect, test } from 'vitest';
import { directAudience } from './conversation/direct-conversation.ts';
import type { Message } from './message.ts';
import { encodeMessage, messageOf } from './message-text.ts';

const message: Message = {
  messageId: '1'.repeat(24),
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'a "quoted" id',
  kind: 'c2c',
  content: { text: 'hi', data: { z: 1, a: [null, 'é'] } },
  sentAt: 5,
  audience: directAudience('ann', 'bob', true),
};

test('a message’s text is everything that frames carry of it, and says nothing of who gets it', () => {
  const { audience, ...shown } = message;
  for (const text of [encodeMessage(message).text, encodeMessage(message, JSON.stringify(message.content)).text]) {
    expect(JSON.parse(text)).toEqual({ ...shown, to: 'bob' });
    expect(messageOf(JSON.parse(text), audience)).toEqual(message);
  }
  const inRoom = encodeMessage({ ...message, conversationId: 'room', audience: ['ann', 'bob', 'cid'] });
  expect(JSON.parse(inRoom.text)).toEqual({ ...shown, conversationId: 'room' });
});

test('the text of a recalled message says by whom', () => {
  const { audience } = message;
  const recalled = { ...message, content: {}, recalledBy: 'ann' };
  expect(messageOf(JSON.parse(encodeMessage(recalled).text), audience)).toEqual(recalled);
  expect(messageOf(JSON.parse(encodeMessage(message).text), audience)).not.toHaveProperty('recalledBy');
});

test('the JSON of its content goes into the text as it is given', () => {
  const given = '{"data":{"odd":1e2},"text":"hi"}';
  expect(encodeMessage(message, given).text).toContain(`"content":${given}`);
});
