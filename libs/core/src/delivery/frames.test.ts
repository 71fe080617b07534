import { directAudience, encodeMessage, type Message, type StoredMessage } from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { liveChatText, storedChatFrame } from './frames.ts';
import { actionFrame } from './update-frames.ts';

const message: Message = {
  messageId: 'm',
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'c',
  kind: 'c2c',
  content: { text: 'hi' },
  sentAt: 1,
  audience: directAudience('ann', 'bob'),
};
const stored: StoredMessage = { ...message, statuses: {}, revision: 0, steps: [] };

test('a live frame is the text of the message with its type in front', () => {
  const { audience: _, ...shown } = message;
  expect(JSON.parse(liveChatText(encodeMessage(message)))).toEqual({ type: 'chat', ...shown, to: 'bob' });
});

test('no frame tells that a message never comes to its receiver', () => {
  const silenced = { ...message, audience: directAudience('ann', 'bob', true) };
  expect(liveChatText(encodeMessage(silenced))).toBe(liveChatText(encodeMessage(message)));
  const frames = [silenced, message].map(({ audience }) => encodeServerFrame(storedChatFrame({ ...stored, audience })));
  expect(frames[0]).toBe(frames[1]);
});

test('a stored message shows one status, and nothing that clients do not know', () => {
  const frame = storedChatFrame({ ...stored, statuses: { bob: 'delivered', ann: 'read' } }, 7);
  const { audience: _, ...shown } = message;
  expect(frame).toEqual({ type: 'chat', ...shown, to: 'bob', status: 'delivered', position: 7 });
});

test('no frame reads the steps of a message, which a store decodes only when they are read', () => {
  const undecoded: StoredMessage = {
    ...stored,
    get steps() {
      return expect.fail('the steps were read');
    },
  };
  expect(JSON.stringify(storedChatFrame(undecoded, 7))).toBe(
    '{"type":"chat","messageId":"m","conversationId":"ann~bob","from":"ann","fromDevice":"phone","clientMessageId":"c",' +
      '"kind":"c2c","sentAt":1,"to":"bob","status":"stored","content":{"text":"hi"},"position":7}',
  );
});

test('a stored message is shown with every part of its content', () => {
  const content = { location: { latitude: 1, longitude: 2 } };
  expect(storedChatFrame({ ...stored, content }).content).toEqual(content);
});

test('C3: a message whose stored content is lost has no content, and is not taken for a recalled one', () => {
  const frame = storedChatFrame({ ...stored, content: {} });
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
    storedChatFrame({ ...stored, content: { text: 'hi', data: nested(levels) as { [key: string]: unknown } } }).content;
  expect(shown(64)).toHaveProperty('data');
  for (const levels of [65, 2_000, 100_000]) expect(shown(levels)).toEqual({ text: 'hi' });
});

test('a recall is shown as the frame that clients know, without its number', () => {
  const about = { conversationId: 'ann~bob', messageId: 'm', by: 'ann', at: 5 };
  expect(actionFrame({ type: 'action', action: 'recall', revision: 1, ...about }, 3)).toEqual({
    type: 'recall',
    ...about,
    position: 3,
  });
});
