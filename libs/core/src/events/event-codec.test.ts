import {
  type ActionEvent,
  contentDigests,
  defined,
  directAudience,
  encodeMessage,
  type Message,
  type MessageContent,
  type MessageEvent,
} from '@chasqui/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConversationEventValue, decodeConversationEvent, encodeEvent } from './event-codec.ts';
import { CONVERSATION_RULES } from './topic-rules.ts';

const ID = '0'.repeat(24);

function messageOf(content: MessageContent, isSilenced = false): Message {
  return {
    messageId: ID,
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'd',
    clientMessageId: 'c',
    kind: 'c2c',
    content,
    sentAt: 1,
    audience: directAudience('ann', 'bob', isSilenced),
  };
}

function eventOf(message: Message): MessageEvent {
  const digests = contentDigests({ ...message, to: 'bob' });
  const envelope = { type: 'message', nodeId: 'n,"message":{', sessionId: '"s', after: ID, trace: 't' } as const;
  return { ...envelope, encoded: encodeMessage(message), digests };
}

function decode(text: string) {
  const value = JSON.parse(text);
  expect(CONVERSATION_RULES.verdictOf(value)).toBe('sound');
  return CONVERSATION_RULES.eventOf?.(value, () => text);
}

const contents = fc.record(
  { text: fc.string(), data: fc.dictionary(fc.string(), fc.jsonValue()) },
  { requiredKeys: ['text'] },
) as fc.Arbitrary<MessageContent>;

describe('the form of events on the bus', () => {
  test('C3: a message event comes back as it was published, whatever the message says and whoever gets it', () => {
    fc.assert(
      fc.property(contents, fc.boolean(), (content, isSilenced) => {
        const event = eventOf(JSON.parse(JSON.stringify(messageOf(content, isSilenced))));
        expect(decode(encodeEvent(event))).toEqual(event);
      }),
    );
  });

  test('the text of a message goes through unread: not even its order of keys or its numbers are made anew', () => {
    const text = `${encodeMessage(messageOf({ text: 'hi' })).text.slice(0, -1)},"odd":1e2}`;
    for (const isSilenced of [false, true]) {
      const event = eventOf(messageOf({ text: 'hi' }, isSilenced));
      expect(decode(encodeEvent({ ...event, encoded: { ...event.encoded, text } }))).toMatchObject({
        encoded: { text },
      });
    }
  });

  test('release 0.1 finds `to`, and `silenced` where the receiver never gets it', () => {
    for (const silenced of [undefined, true]) {
      const { audience, ...message } = messageOf({ text: 'hi', data: { silenced: false } }, silenced === true);
      const text = encodeEvent(eventOf(messageOf(message.content, silenced === true)));
      expect(JSON.parse(text)).toEqual({
        type: 'message',
        nodeId: 'n,"message":{',
        sessionId: '"s',
        after: ID,
        trace: 't',
        audience,
        digests: eventOf(messageOf(message.content)).digests,
        message: defined({ ...message, to: 'bob', silenced }),
      });
    }
  });

  test('what release 0.1 published, or somebody put together anew, is read: audience, digests and text are made', () => {
    for (const isSilenced of [false, true]) {
      const event = eventOf(messageOf({ text: 'hi', data: { b: 1, a: 2 } }, isSilenced));
      const { message, digests, audience, ...rest } = JSON.parse(encodeEvent(event));
      expect(decode(JSON.stringify({ message, ...rest }))).toEqual(event);
      expect(decode(JSON.stringify({ message, ...rest, audience }))).toEqual(event);
      expect(decode(JSON.stringify({ digests, ...rest, audience, message }, null, 1))).toEqual(event);
      expect(decode(JSON.stringify({ digests, audience, message, ...rest }))).toEqual(event);
    }
  });

  test('C15: one that nests too deep to be written is read, and fails where its sender can be told', () => {
    const { encoded, digests: _, ...rest } = eventOf(messageOf({}));
    let data: object = {};
    for (let depth = 0; depth < 50_000; depth++) data = { data };
    const value = { ...rest, message: { ...encoded.message, to: 'bob', content: { data } } } as ConversationEventValue;
    const event = decodeConversationEvent(value, () => '') as MessageEvent;
    expect(event.encoded.message.messageId).toBe(ID);
    expect(() => event.encoded.text).toThrow(RangeError);
  });

  test('an action is an event type of its own, and comes back as the action', () => {
    const event: ActionEvent = {
      type: 'action',
      action: 'recall',
      conversationId: 'ann~bob',
      messageId: ID,
      by: 'ann',
      sessionId: 's',
      ref: 'r',
      nodeId: 'n',
      at: 1,
    };
    const { action, ...rest } = event;
    expect(JSON.parse(encodeEvent(event))).toEqual({ ...rest, type: action });
    expect(decode(encodeEvent(event))).toEqual(event);
  });

  test('fields of a newer version go through, as does the begin of a wait that was put in front', () => {
    const text = `{"waitsSince":7,${encodeEvent(eventOf(messageOf({ text: 'hi' }))).slice(1)}`;
    expect(decode(text)).toMatchObject({ waitsSince: 7, encoded: encodeMessage(messageOf({ text: 'hi' })) });
    expect(decode(`{"later":[1],${text.slice(1)}`)).toMatchObject({ later: [1] });
  });
});
