import { CONVERSATION_TOPIC, publicPicturePath } from '@chasqui/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConversationEventValue } from './event-codec.ts';
import { groupEventFormat } from './event-formats.ts';
import { CONVERSATION_EVENTS, SearchEventSchema } from './event-schemas.ts';
import { PUSH_EVENTS, PushTaskSchema } from './push-event-schemas.ts';
import { CONVERSATION_RULES, PUSH_RULES, SEARCH_RULES } from './topic-rules.ts';

const ID = '0'.repeat(24);
const where = { conversationId: 'ann~bob', nodeId: 'n', at: 1 };

/** One event of each type, with all fields. */
const CONVERSATION: { readonly [T in ConversationEventValue['type']]: Extract<ConversationEventValue, { type: T }> } = {
  message: {
    type: 'message',
    v: 1,
    firstPublishedAt: 5,
    nodeId: 'n',
    sessionId: 's',
    after: ID,
    dispatchMs: 0,
    unpushed: true,
    trace: 't',
    audience: ['ann'],
    digests: ['d', 'e'],
    message: {
      messageId: ID,
      conversationId: 'ann~bob',
      from: 'ann',
      fromDevice: 'd',
      to: 'bob',
      clientMessageId: 'c',
      kind: 'c2c',
      content: { text: '', data: {} },
      sentAt: 1,
      silenced: true,
    },
  },
  offline: {
    type: 'offline',
    v: 1,
    ...where,
    firstPublishedAt: 5,
    messageIds: [ID],
    to: 'bob',
    pushedMs: [-1],
    trace: 't',
  },
  receipt: {
    type: 'receipt',
    v: 1,
    firstPublishedAt: 5,
    ...where,
    state: 'read',
    messageIds: [ID],
    by: 'bob',
    deviceId: 'd',
    tries: 0,
    unseen: true,
    pushedMs: [3],
  },
  recall: { type: 'recall', v: 1, firstPublishedAt: 5, ...where, messageId: ID, by: 'ann', sessionId: 's', ref: 'r' },
  edit: {
    ...{ type: 'edit', v: 1, firstPublishedAt: 5, ...where, messageId: ID, by: 'ann', sessionId: 's', ref: 'r' },
    ...{ content: { text: '', data: {} }, actionId: 'a', mentions: ['bob'] },
  },
  react: {
    ...{ type: 'react', v: 1, firstPublishedAt: 5, ...where, messageId: ID, by: 'ann', sessionId: 's', ref: 'r' },
    ...{ emoji: '👍', on: true, actionId: 'a' },
  },
  synced: {
    type: 'synced',
    v: 1,
    firstPublishedAt: 5,
    userId: 'ann',
    deviceId: 'd',
    position: 0,
    epoch: 'e',
    nodeId: 'n',
    at: 1,
    pages: [[0, 1, 2, 3]],
  },
  group: {
    type: 'group',
    v: 1,
    firstPublishedAt: 5,
    change: { change: 'leave', conversationId: 'g', changeId: 'k', by: 'ann', at: 1, details: {} },
    nodeId: 'n',
  },
};
const SEARCH = {
  v: 1,
  firstPublishedAt: 5,
  messages: [{ conversationId: 'ann~bob', messageId: ID, status: 'read', trace: 't' }],
};
const TASK = {
  v: 1,
  firstPublishedAt: 5,
  messageId: ID,
  conversationId: 'ann~bob',
  from: 'ann',
  to: 'bob',
  at: 1,
  deviceId: 'd',
  attempts: 1,
  waits: 0,
  trace: 't',
};
const CHECK = {
  type: 'address_check',
  v: 1,
  firstPublishedAt: 5,
  checkId: 'k',
  to: 'ann',
  deviceId: 'd',
  address: 'a@b',
  code: '1',
  language: '',
  at: 1,
  expiresAt: 2,
  attempts: 0,
};

const PLAN = {
  type: 'group_plan',
  v: 1,
  firstPublishedAt: 5,
  conversationId: 'team',
  messageId: ID,
  from: 'ann',
  mentions: ['bob'],
  at: 1,
  after: { role: 'member', userId: 'cid' },
  trace: 't',
};

const ALL = [
  ...Object.values(CONVERSATION).map(
    (event) =>
      [`${event.type} of ${CONVERSATION_TOPIC}`, CONVERSATION_RULES, CONVERSATION_EVENTS[event.type], event] as const,
  ),
  ['what DataSync takes', SEARCH_RULES, SearchEventSchema, SEARCH] as const,
  ['a push task', PUSH_RULES, PushTaskSchema, TASK] as const,
  ['an address check', PUSH_RULES, PUSH_EVENTS.address_check, CHECK] as const,
  ['a plan of a group', PUSH_RULES, PUSH_EVENTS.group_plan, PLAN] as const,
].map(([name, rules, schema, event]) => ({
  name,
  rules,
  schema: schema as { properties: { [field: string]: { maximum?: number } }; required: string[] },
  event: event as { [field: string]: unknown },
}));

describe.each(ALL)('C15: $name', ({ rules, schema, event }) => {
  test('has a sample with each of its fields, which is sound', () => {
    expect(Object.keys(event).sort()).toEqual(Object.keys(schema.properties).sort());
    expect(rules.verdictOf(event)).toBe('sound');
  });

  test('is sound with what it must have alone, and with fields of a newer version', () => {
    const least = Object.fromEntries(schema.required.map((field) => [field, event[field]]));
    expect(rules.verdictOf(least)).toBe('sound');
    expect(rules.verdictOf({ ...event, later: { deep: [1] } })).toBe('sound');
  });

  test.each(Object.keys(schema.properties))('with another value as its %s is refused by that name', (field) => {
    // Objects with whatever fields are content.
    for (const value of field === 'content' ? [null, [{}]] : [null, { no: 1 }, [{}]]) {
      const verdict = rules.verdictOf({ ...event, [field]: value });
      expect(verdict).toEqual({
        fault: expect.stringMatching(field === 'type' ? /type/ : new RegExp(`\\b${field}\\b`)),
      });
    }
  });

  test.each(schema.required)('without its %s is refused by that name', (field) => {
    const { [field]: _, ...rest } = event;
    const verdict = rules.verdictOf(rest);
    expect(verdict).toEqual({ fault: expect.stringContaining(field === 'type' ? 'is missing' : field) });
  });

  test('is newer with a higher format or another type, whatever else it has; a format that is none is a fault', () => {
    const v = (schema.properties.v?.maximum ?? 0) + 1;
    expect(rules.verdictOf({ ...event, v })).toBe('newer');
    expect(rules.verdictOf({ type: event.type, v })).toBe('newer');
    expect(rules.verdictOf({ type: 'later' })).toBe('newer');
    for (const v of ['2', 1.5, 0, -1, null]) expect(rules.verdictOf({ ...event, v })).toMatchObject({ fault: /./ });
  });
});

test('C15: whatever a value is, there is a verdict on it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const rules of [CONVERSATION_RULES, SEARCH_RULES, PUSH_RULES]) {
        const verdict = rules.verdictOf(value);
        expect(verdict === 'sound' || verdict === 'newer' || verdict.fault.length > 0).toBe(true);
      }
    }),
  );
});

test('a message to a group has the group’s log as its audience, and no recipient', () => {
  const { message, group } = CONVERSATION;
  const { to: _, ...toGroup } = { ...message.message, conversationId: 'g', kind: 'group' as const };
  const sound = { ...message, v: 2, audience: ['~g'], message: toGroup };
  expect(CONVERSATION_RULES.verdictOf(sound)).toBe('sound');
  expect(CONVERSATION_RULES.verdictOf({ ...sound, message: { ...toGroup, mentions: ['bob'] } })).toBe('sound');
  for (const stranger of [
    { ...sound, audience: ['~h'] },
    { ...sound, audience: ['~g', 'ann'] },
    { ...sound, audience: ['ann'] },
    { ...sound, message: { ...toGroup, to: 'bob' } },
    { ...group, change: { ...group.change, conversationId: 'ann~bob' } },
  ]) {
    expect(CONVERSATION_RULES.verdictOf(stranger)).toEqual({ fault: `${stranger.type}: not of this conversation` });
  }
});

test('an event is about a user of its conversation', () => {
  const { message, offline, receipt, recall, react, synced } = CONVERSATION;
  for (const stranger of [
    { ...message, message: { ...message.message, conversationId: 'ann~cid' } },
    { ...message, message: { ...message.message, from: 'bob' } },
    { ...message, message: { ...message.message, from: 'cid' } },
    { ...message, audience: ['ann', 'cid'] },
    { ...offline, to: 'cid' },
    { ...receipt, by: 'cid' },
    { ...recall, by: 'cid' },
    { ...react, by: 'cid' },
  ]) {
    expect(CONVERSATION_RULES.verdictOf(stranger)).toEqual({ fault: `${stranger.type}: not of this conversation` });
  }
  expect(CONVERSATION_RULES.verdictOf({ ...recall, v: 2, by: 'system' })).toBe('sound');
  const { to: _, ...toNobody } = message.message;
  expect(CONVERSATION_RULES.verdictOf({ ...message, message: toNobody })).toBe('sound');
  expect(CONVERSATION_RULES.verdictOf({ ...synced, userId: 'an~n' })).toMatchObject({ fault: /./ });
  expect(PUSH_RULES.verdictOf({ ...PLAN, conversationId: 'ann~bob' })).toMatchObject({ fault: /conversation/ });
  expect(PUSH_RULES.verdictOf({ ...TASK, from: 'bob' })).toEqual({ fault: 'not of this conversation' });
});

test('a change of a group that names a picture of this server has a format that older processes leave to newer ones', () => {
  const picture = publicPicturePath('f'.repeat(32));
  const formats = [{ picture }, { name: 'x', picture }, { picture: '' }, { picture: `${picture}x` }, { name: 'x' }, {}];
  expect(formats.map((details) => groupEventFormat({ details }))).toEqual([2, 2, 1, 1, 1, 1]);
});
