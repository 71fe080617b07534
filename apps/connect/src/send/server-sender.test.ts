import { createManualClock } from '@chasqui/contracts';
import { type Clock, ImError } from '@chasqui/domain';
import type { ServerMessage } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import type { Session } from '../sessions/session.ts';
import { ServerSender } from './server-sender.ts';

const clock = createManualClock();
const messageOf = (n: number, fields: Partial<ServerMessage> = {}): ServerMessage => ({
  ...{ from: 'bot', to: 'ana', clientMessageId: `m${n}`, content: { text: 'hi' }, wait: 'stored' },
  ...fields,
});
const ids = { messageId: 'a'.repeat(24), conversationId: 'ana~bot' };

/** The node accepts what it is given, but for what `refuses` throws; the test then answers as the node and Business do. */
function world({ refuses = () => {}, draining = false }: { refuses?: (id: string) => void; draining?: boolean } = {}) {
  const sent: { session: Session; id: string; follows: string | undefined }[] = [];
  const sends = new ServerSender({
    nodeId: 'n1',
    clock: clock as Clock,
    isDraining: () => draining,
    sender: {
      send(session, { clientMessageId: id, follows }) {
        refuses(id);
        sent.push({ session, id, follows });
      },
    },
  });
  const queue = (place: number) => {
    const { session, id } = sent[place] as (typeof sent)[number];
    session.send({ type: 'send_ack', clientMessageId: id, ...ids });
  };
  const fromBusiness = (place: number, frame: ServerFrame) =>
    sends.deliver(sent[place]?.session.sessionId ?? '', encodeServerFrame(frame));
  const store = (place: number, messageId = ids.messageId) =>
    fromBusiness(place, {
      ...{ type: 'server_ack', clientMessageId: sent[place]?.id ?? '', position: 1 },
      ...{ conversationId: ids.conversationId, messageId },
    });
  return { sends, sent, queue, store, fromBusiness };
}

test('C1, C2: each message waits for the ack that it asks for', async () => {
  const { sends, queue, store } = world();
  const outcomes = sends.send([messageOf(1, { wait: 'queued' }), messageOf(2)]);
  queue(0);
  queue(1);
  store(1, 'b'.repeat(24));
  expect(await outcomes).toEqual([
    { state: 'queued', ...ids },
    { state: 'stored', ...ids, messageId: 'b'.repeat(24) },
  ]);
});

test('C18: a refusal after queued ends in its error', async () => {
  const { sends, queue, fromBusiness } = world();
  const outcomes = sends.send([messageOf(1)]);
  queue(0);
  fromBusiness(0, { type: 'error', code: 'muted', message: 'no', retry: 'never', field: 'conversationId', ref: 'm1' });
  expect(await outcomes).toEqual([{ error: { code: 'muted', message: 'no', field: 'conversationId' } }]);
});

test('C5: messages of one sender to a conversation follow each other; one that was never accepted is not followed', async () => {
  const { sends, sent, store } = world({
    refuses: (id) => {
      if (id === 'm2') throw new ImError('content_too_large', 'too large', { field: 'content' });
    },
  });
  const outcomes = sends.send([1, 2, 3, 4, 5].map((n) => messageOf(n, n > 3 ? { to: 'bob' } : {})));
  for (let place = 0; place < 4; place++) store(place);
  expect((await outcomes).map((one) => ('error' in one ? one.error.code : one.state))).toEqual([
    ...['stored', 'content_too_large', 'stored', 'stored', 'stored'],
  ]);
  expect(sent.map(({ id, follows }) => [id, follows])).toEqual([
    ...[
      ['m1', undefined],
      ['m3', 'm1'],
      ['m4', undefined],
      ['m5', 'm4'],
    ],
  ]);
  expect(new Set(sent.map(({ session }) => session.sessionId)).size).toBe(1);
});

test('what is queued and not stored in time is queued; without any ack the outcome is unknown', async () => {
  const { sends, queue } = world();
  const outcomes = sends.send([messageOf(1), messageOf(2)]);
  queue(0);
  await clock.advance(7_000);
  expect(await outcomes).toMatchObject([{ state: 'queued', ...ids }, { error: { code: 'deadline_exceeded' } }]);
});

test('C14: a node that stops takes nothing more, and answers for what is on the bus', async () => {
  expect(await world({ draining: true }).sends.send([messageOf(1)])).toMatchObject([
    { error: { code: 'node_draining' } },
  ]);
  const { sends, queue } = world();
  const outcomes = sends.send([messageOf(1)]);
  queue(0);
  sends.stop();
  expect(await outcomes).toEqual([{ state: 'queued', ...ids }]);
});

test('C16: messages that wait are bounded, and sessions are forgotten with their call', async () => {
  const { sends, sent, store } = world();
  const many = sends.send(Array.from({ length: 5_000 }, (_, n) => messageOf(n)));
  expect(await sends.send([messageOf(9_999)])).toMatchObject([{ error: { code: 'overloaded', retryAfterMs: 500 } }]);
  for (let place = 0; place < 5_000; place++) store(place);
  expect(await many).toHaveLength(5_000);
  expect(sends.deliver(sent[0]?.session.sessionId ?? '', '{"type":"pong","serverTime":1}')).toBe(false);
  const next = sends.send([messageOf(1)]);
  store(5_000);
  expect(await next).toMatchObject([{ state: 'stored' }]);
});
