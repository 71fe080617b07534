import { encodeMessage, type Message, type MessageEvent, type Place } from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { newsOf, type RecordedMessage, storedInGroup } from './message-news.ts';

const ID = 'f'.repeat(24);

/** ann writes to a conversation of three users; the code does not distinguish it from one of two. */
function eventOf(audience: string[]): MessageEvent {
  const message: Message = {
    messageId: ID,
    conversationId: 'a~team',
    from: 'ann',
    fromDevice: 'd',
    clientMessageId: 'c',
    kind: 'c2c',
    content: { text: 'hi' },
    sentAt: 1,
    audience,
  };
  return { type: 'message', encoded: encodeMessage(message), digests: ['d'], nodeId: 'n', sessionId: 's' };
}

/** What each user is told, and on which of their sessions. */
function told(audience: string[], outcome: RecordOutcome) {
  return newsOf({ event: eventOf(audience), outcome, redelivered: false, trace: undefined }).map((news) => {
    const { type, position, replaces, code } = JSON.parse(news.frame);
    const sessions = news.onlySession ?? (news.exceptSession === undefined ? 'all' : `but ${news.exceptSession}`);
    const rest = { position, replaces, code, arrived: news.arrived?.position };
    const known = Object.entries(rest).filter(([, value]) => value !== undefined);
    return [news.userId, sessions, type, Object.fromEntries(known)];
  });
}

const ALL = ['ann', 'bob', 'cat'];
const recorded = (...places: Place[]) => ({ result: 'recorded' as const, messageId: ID, places, unread: [] });
const at = (log: string, position: number): Place => ({ log, position });

test('C2, C10: each inbox that has it is told its own place: the sender by an ack, the receivers with a watch', () => {
  expect(told(ALL, recorded(at('bob', 2), at('ann', 9), at('cat', 5)))).toEqual([
    ['ann', 's', 'server_ack', { position: 9 }],
    ['ann', 'but s', 'stored', { position: 9 }],
    ['bob', 'all', 'stored', { position: 2, arrived: 2 }],
    ['cat', 'all', 'stored', { position: 5, arrived: 5 }],
  ]);
});

test('C4: a second copy is told by the first one’s id and places, and retracted where only it was shown', () => {
  const first = '0'.repeat(24);
  const outcome = { ...recorded(at('ann', 1), at('cat', 4)), result: 'duplicate' as const, messageId: first };
  expect(told(['ann', 'bob'], outcome)).toEqual([
    ['ann', 's', 'server_ack', { position: 1, replaces: ID }],
    ['ann', 'but s', 'stored', { position: 1, replaces: ID }],
    ['cat', 'all', 'stored', { position: 4, replaces: ID, arrived: 4 }],
    ['bob', 'all', 'retract', {}],
  ]);
});

test('C4: other content under a used clientMessageId is refused, and retracted wherever it was shown', () => {
  expect(told(ALL, { result: 'conflict', messageId: ID })).toEqual([
    ['ann', 's', 'error', { code: 'client_message_id_reused' }],
    ['bob', 'all', 'retract', {}],
    ['cat', 'all', 'retract', {}],
    ['ann', 'but s', 'retract', {}],
  ]);
});

test('a message that is its sender’s alone is nobody else’s news', () => {
  expect(told(['ann'], recorded(at('ann', 1)))).toEqual([
    ['ann', 's', 'server_ack', { position: 1 }],
    ['ann', 'but s', 'stored', { position: 1 }],
  ]);
});

test('C18: what no node pushed to a group is pushed with its place, but not to the session that sent it, nor as a copy', () => {
  const outcome = { ...recorded(at('~team', 7)), messageId: '1'.repeat(24) };
  const push = (fields: Partial<MessageEvent>, result: 'recorded' | 'duplicate' = 'recorded') => {
    const event = { ...eventOf(['~team']), ...fields };
    event.encoded.message.conversationId = 'team';
    const one: RecordedMessage = {
      event,
      outcome: { ...outcome, result },
      redelivered: false,
      trace: undefined,
    };
    return storedInGroup(one).push;
  };
  const pushed = push({ unpushed: true });
  expect(pushed).toMatchObject({ userId: 'ann', group: 'team', onlySession: '-', exceptSession: 's' });
  const frame = { type: 'chat', messageId: outcome.messageId, position: 7, content: { text: 'hi' } };
  expect(JSON.parse(pushed?.frame ?? '')).toMatchObject(frame);
  expect([push({}), push({ unpushed: true }, 'duplicate')]).toEqual([undefined, undefined]);
});
