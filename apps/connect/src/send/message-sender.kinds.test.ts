import { createManualClock } from '@chasqui/contracts';
import { decodeEvents } from '@chasqui/core';
import { directConversation, HybridClock, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { deliverLocally } from '../deliver/local-deliveries.ts';
import { PushWatch } from '../deliver/push-watch.ts';
import { Session } from '../sessions/session.ts';
import { SessionRegistry } from '../sessions/session-registry.ts';
import { type Frame, sending } from '../testing/sending.ts';
import type { ConversationKind, Decision } from './conversation-kind.ts';

// A kind of conversation that no release has. Everything it needs is in this one object.

/**
 * A room of three users, in which ann may be muted. That is decided when a message is sent, and holds for its resends.
 */
function roomOf(room: { isMuted: boolean }): ConversationKind {
  return {
    resolve: () => ({
      conversationId: 'room',
      addressee: 'room',
      decide: async () => ({
        pushes: 'at_once',
        verdict: room.isMuted ? 'muted' : '',
        audienceBy: (verdict) =>
          verdict === 'muted' ? new ImError('blocked', 'you are muted') : ['ann', 'bob', 'cid'],
      }),
    }),
  };
}

const inRoom = { kind: 'room', to: 'room' };

test('a further kind of conversation is one file: its messages are claimed, queued, pushed to all and acked', async () => {
  const world = sending({ kinds: { room: roomOf({ isMuted: false }) } });
  world.send('m1', inRoom);
  world.send('m2', inRoom);
  world.send('direct');
  await world.clock.advance(0);
  const ofRoom = world.told.filter(({ conversationId }) => conversationId === 'room');
  expect(ofRoom.map(({ type, clientMessageId }) => `${type} ${clientMessageId}`)).toEqual([
    'send_ack m1',
    'send_ack m2',
  ]);
  expect(world.told).toHaveLength(3);
  for (const user of ['ann', 'bob', 'cid']) {
    const chats = world.pushedTo(user).filter(({ conversationId }: Frame) => conversationId === 'room');
    expect(chats).toMatchObject([
      { type: 'chat', kind: 'room', clientMessageId: 'm1', from: 'ann' },
      { type: 'chat', kind: 'room', clientMessageId: 'm2', from: 'ann' },
    ]);
    for (const chat of chats) expect(chat).not.toHaveProperty('to');
  }
  const events = world.published.flatMap((body) => decodeEvents(body)) as { audience: string[]; message: Frame }[];
  const audiences = Map.groupBy(events, ({ message }) => message.conversationId);
  expect(audiences.get('room')?.map(({ audience }) => audience)).toEqual([
    ['ann', 'bob', 'cid'],
    ['ann', 'bob', 'cid'],
  ]);
  expect(audiences.get(directConversation('ann', 'bob'))).toMatchObject([{ audience: ['ann', 'bob'] }]);
});

test('C12: what was pushed to a room is taken back from all of its users when the bus fails', async () => {
  const world = sending({
    kinds: { room: roomOf({ isMuted: false }) },
    publish: () => Promise.reject(new ImError('bus_unavailable', 'away')),
  });
  world.send('m1', inRoom);
  await world.clock.advance(0);
  for (const user of ['ann', 'bob', 'cid']) {
    expect(world.pushedTo(user)).toMatchObject([{ type: 'chat' }, { type: 'retract', conversationId: 'room' }]);
  }
  expect(world.told).toMatchObject([{ type: 'error', code: 'bus_unavailable', ref: 'm1' }]);
});

test('C3, C4: a resend to a room meets what its first copy met', async () => {
  const room = { isMuted: true };
  const kept = new Map<string, string>();
  const world = sending({
    kinds: { room: roomOf(room) },
    claim: (claim) => {
      const digest = kept.get(claim.clientMessageId) ?? claim.digest;
      kept.set(claim.clientMessageId, digest);
      return { ...claim, digest };
    },
  });
  const outcome = async (clientMessageId: string, text = 'hi') => {
    world.send(clientMessageId, { ...inRoom, content: { text } });
    await world.clock.advance(0);
    const { type, code } = world.told.at(-1) as Frame;
    return code ?? type;
  };
  expect(await outcome('muted')).toBe('blocked');
  room.isMuted = false;
  expect([await outcome('muted'), await outcome('free')]).toEqual(['blocked', 'send_ack']);
  room.isMuted = true;
  expect([await outcome('free'), await outcome('free', 'other')]).toEqual(['send_ack', 'client_message_id_reused']);
});

test('C9: each user of a room is waited for by themselves: one who acks says nothing about another', async () => {
  const world = sending({ kinds: { room: roomOf({ isMuted: false }) } });
  world.send('m1', inRoom);
  await world.clock.advance(0);
  const clock = createManualClock();
  const watch = new PushWatch({ clock, ackTimeoutMs: 15_000, maxUnacked: 100, maxUnackedPerUser: 100 });
  const sessions = new SessionRegistry();
  for (const userId of ['bob', 'cid']) {
    const session = new Session({ id: userId, subprotocol: '', send: () => 'sent' } as never, userId, 0);
    Object.assign(session, { userId, deviceId: 'phone', state: 'open' });
    sessions.add(session);
  }
  const ids = new HybridClock({ now: clock.now, tag: 1 });
  const groups = { deliver: () => 0 };
  const serverSender = { deliver: () => false };
  const nothing = { groups, serverSender, tracing: undefined, relationsChanged() {}, pushed() {}, failed() {} };
  expect(deliverLocally({ sessions, watch, ids, ...nothing }, world.pushed)).toEqual([0, 1, 1]);
  const messageId = world.pushedTo('bob')[0].messageId;
  watch.acked('bob', messageId);
  await clock.advance(15_000);
  expect(watch.due()).toMatchObject([{ userId: 'cid', messageId, conversationId: 'room' }]);
});

test('C5: a message that can be decided at once waits for an earlier one of its sender that is being decided', async () => {
  const { promise, resolve } = Promise.withResolvers<Decision>();
  const taken: Decision = { pushes: 'at_once', verdict: '', audienceBy: () => ['ann', 'bob'] };
  const decisions = [promise, taken];
  const slow: ConversationKind = {
    resolve: () => ({
      conversationId: 'ann~bob~cat',
      addressee: 'ann~bob~cat',
      decide: () => decisions.shift() ?? taken,
    }),
  };
  const world = sending({ kinds: { room: slow } });
  world.send('m1', inRoom);
  world.send('m2', inRoom);
  world.send('direct');
  await world.clock.advance(0);
  expect(world.told.map(({ clientMessageId }) => clientMessageId)).toEqual(['direct']);
  resolve(taken);
  await world.clock.advance(0);
  expect(world.told.map(({ clientMessageId }) => clientMessageId)).toEqual(['direct', 'm1', 'm2']);
});
