import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

const ANSWER_MS = 15_000;
type ActionFrame = ServerFrameOf<'action'>;

/** How the server answers an own action of each kind. */
const done = {
  edit: ({
    conversationId,
    messageId,
    actionId = '',
  }: {
    conversationId: string;
    messageId: string;
    actionId?: string;
  }): ActionFrame => ({
    ...{ type: 'action', action: 'edit', conversationId, messageId, actionId, by: 'amy', at: 9 },
    ...{ content: { text: 'better' }, editedAt: 9, revision: 1 },
  }),
  react: ({
    conversationId,
    messageId,
    actionId = '',
  }: {
    conversationId: string;
    messageId: string;
    actionId?: string;
  }): ActionFrame => ({
    ...{ type: 'action', action: 'react', conversationId, messageId, at: 9 },
    reactions: { revision: 1, counts: [{ emoji: '👍', count: 1 }] },
    changes: [{ by: 'amy', emojis: ['👍'], actionId }],
  }),
};

type Kind = keyof typeof done;
type Place = string | { conversationId: string };

function idle(store = memoryStore()) {
  const server = new ScriptedServer();
  const client = createClient(server.options({ store }));
  const act = (kind: Kind, place: Place = 'bob') => {
    const outcome: { is?: string; field?: string } = {};
    const promise = kind === 'edit' ? client.edit(place, id(1), { text: 'better' }) : client.react(place, id(1), '👍');
    promise.then(
      () => Object.assign(outcome, { is: 'done' }),
      ({ code, details }) => Object.assign(outcome, { is: code, field: details.field }),
    );
    return outcome;
  };
  const connect = (userId = 'amy') => {
    client.connect().catch(() => undefined);
    server.login({ updates: [fromBob(1, { position: 1, from: 'amy', to: 'bob' })], position: 1 }, userId);
  };
  return { server, client, store, act, connect };
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const KINDS: Kind[] = ['edit', 'react'];

test.each(KINDS)('C3: %s: an answer that is lost in a session is asked for again, under the same key', async (kind) => {
  const { server, act, connect } = idle();
  connect();
  const outcome = act(kind);
  server.clock.run(ANSWER_MS - 1);
  expect(server.got('action')).toHaveLength(1);
  server.clock.run(1);
  const [first, second] = server.got('action');
  expect(second).toEqual(first);
  if (second !== undefined) server.socket.send(done[kind](second));
  await settled();
  expect(outcome.is).toBe('done');
  server.clock.run(ANSWER_MS);
  expect(server.got('action')).toHaveLength(2);
});

test.each<[Kind, Place, string]>([
  ['edit', 'bob', 'amy~bob'],
  ['react', 'bob', 'amy~bob'],
  ['edit', { conversationId: 'team' }, 'team'],
  ['react', { conversationId: 'team' }, 'team'],
])(
  '%s in %j before the first login is sent at that login, also after a restart',
  async (kind, place, conversationId) => {
    const before = idle();
    before.act(kind, place);
    before.client.close();
    for (const { server, client, act, connect } of [idle(before.store), idle()]) {
      const outcome = act(kind, place);
      connect();
      const sent = server.got('action').at(-1);
      expect(sent).toMatchObject({ action: kind, conversationId, messageId: id(1) });
      if (sent !== undefined) server.socket.send(done[kind](sent));
      await settled();
      expect(outcome.is).toBe('done');
      client.close();
    }
  },
);

test.each(KINDS)('%s before the first login is that user’s: the next user does not send it', async (kind) => {
  const { server, store, act, connect, client } = idle();
  act(kind);
  connect();
  client.close();
  const next = idle(store);
  const outcome = next.act(kind);
  next.connect('eve');
  next.server.clock.run(60_000);
  next.server.login({}, 'eve');
  await settled();
  expect([server.got('action').length, next.server.got('action').length]).toEqual([1, 0]);
  expect(outcome.is).toBe('forged_sender');
});

test.each(KINDS)('%s that is refused for now is sent once for each refusal', (kind) => {
  const { server, act, connect } = idle();
  connect();
  act(kind);
  for (let seconds = 0; seconds < 60; seconds++) {
    const { ref = '' } = server.got('action').at(-1) ?? {};
    server.socket.send({ type: 'error', code: 'too_fast', retry: 'backoff', message: '', retryAfterMs: 1_000, ref });
    server.clock.run(1_000);
  }
  expect(server.got('action')).toHaveLength(61);
});

test.each(KINDS)('%s: one that another has replaced is not sent again', (kind) => {
  const { server, act, connect } = idle();
  connect();
  for (let n = 0; n < 2; n++) act(kind);
  const sent = server.got('action');
  server.clock.run(ANSWER_MS);
  expect(server.got('action')).toEqual([...sent, sent[1]]);
});

test.each(KINDS)('%s: a closed client leaves no timer behind, and goes on after the next login', (kind) => {
  const [one, other] = [idle(), idle()];
  for (const { connect } of [one, other]) connect();
  one.act(kind);
  for (const { server, client } of [one, other]) {
    client.close();
    server.clock.run(1_000);
  }
  expect(one.server.clock.pending).toBe(other.server.clock.pending);
  one.connect();
  expect(one.server.got('action')).toHaveLength(1);
});

test('a refusal under a former id of the message ends no reaction that is sent under the new one', async () => {
  const { server, client, act } = idle();
  client.connect().catch(() => undefined);
  server.login();
  server.socket.send(fromBob(1));
  const outcome = act('react');
  const { ref = '' } = server.got('action')[0] ?? {};
  server.socket.send(fromBob(1, { messageId: id(2), position: 1 }));
  expect(server.got('action').map(({ messageId }) => messageId)).toEqual([id(1), id(2)]);
  server.socket.send({ type: 'error', code: 'message_not_found', retry: 'never', message: '', ref });
  await settled();
  expect(outcome).toEqual({});
});

test.each(KINDS)('%s: a refusal names the field that the server names', async (kind) => {
  const { server, act, connect } = idle();
  connect();
  const outcome = act(kind);
  const { ref = '' } = server.got('action')[0] ?? {};
  server.socket.send({ type: 'error', code: 'action_refused', retry: 'never', message: '', field: 'messageId', ref });
  await settled();
  expect(outcome).toEqual({ is: 'action_refused', field: 'messageId' });
});
