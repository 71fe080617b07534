import { setImmediate as turn } from 'node:timers/promises';
import { ERROR_CODES } from '@chasqui/domain';
import { CLIENT_FRAMES, CLOSE_CODES, type ServerFrame } from '@chasqui/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { nested, spoiled, VALID, wrecked } from './frame-fuzz.ts';
import { RawSocket } from './raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const url = (node = 1) => cluster.running.connect[node - 1]?.wsUrl ?? '';

async function loggedIn(user: string, node = 1): Promise<RawSocket> {
  return RawSocket.loggedIn(url(node), await cluster.token(user), 'd');
}

const knownCodes = new Set(Object.keys(ERROR_CODES));
const knownCloses = new Set<number>([...Object.values(CLOSE_CODES), 1006, 1007, 1009]);

function expectDocumented(frames: readonly ServerFrame[], closeCode: number | undefined): void {
  for (const frame of frames) {
    if (frame.type !== 'error') continue;
    expect(knownCodes.has(frame.code)).toBe(true);
    expect(frame.code).not.toBe('internal');
    expect(frame.retry).toBe(ERROR_CODES[frame.code]);
  }
  if (closeCode !== undefined) expect(knownCloses.has(closeCode)).toBe(true);
}

/** Its next message is stored, also in the conversation that all those frames named. */
async function isWell(socket: RawSocket): Promise<void> {
  socket.send({ type: 'chat', clientMessageId: 'well', to: 'nobody', content: { text: 'x' } });
  await socket.next('server_ack', ({ clientMessageId }) => clientMessageId === 'well');
}

describe('hostile frames', () => {
  it('C15: every spoiled frame gets documented errors and hurts nobody else', async () => {
    using bystander = await loggedIn('bystander', 1);
    let mallory = await loggedIn('mallory', 1);
    let n = 0;
    await fc.assert(
      fc.asyncProperty(spoiled, async (frame) => {
        mallory.send(nested(JSON.stringify(frame)));
        const { frames, closeCode } = await mallory.settled(`p${++n}`);
        expectDocumented(frames, closeCode);
        if (closeCode !== undefined) mallory = await loggedIn('mallory', 1);
      }),
      { numRuns: 400 },
    );
    expect(await bystander.settled('still here')).toEqual({ frames: [] });
    for (const socket of [mallory, bystander]) await isWell(socket);
    mallory[Symbol.dispose]();
  }, 60_000);

  it('C15: every MessagePack frame with bytes changed gets documented errors and hurts nobody else', async () => {
    using bystander = await loggedIn('bystander8', 1);
    const open = async () => RawSocket.loggedIn(url(), await cluster.token('mallory8'), 'd', 'chasqui.v1.msgpack');
    let mallory = await open();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(wrecked, async (bytes) => {
        mallory.send(bytes);
        const { frames, closeCode } = await mallory.settled(`m${++n}`);
        expectDocumented(frames, closeCode);
        if (closeCode !== undefined) mallory = await open();
      }),
      { numRuns: 400 },
    );
    expect(await bystander.settled('still here')).toEqual({ frames: [] });
    for (const socket of [mallory, bystander]) await isWell(socket);
    mallory[Symbol.dispose]();
  }, 60_000);

  it('C15: names the field of each required one that is missing, and of each unknown one', async () => {
    using mallory = await loggedIn('mallory2');
    for (const [type, schema] of Object.entries(CLIENT_FRAMES)) {
      if (type === 'login') continue;
      for (const field of (schema.required as readonly string[]).filter((name) => name !== 'type')) {
        const { [field]: _missing, ...rest } = VALID[type] ?? {};
        mallory.send(rest);
        expect(await mallory.next('error')).toMatchObject({ code: 'invalid_frame', field });
      }
      if (type === 'logout') continue;
      mallory.send({ ...VALID[type], surprise: 1 });
      expect(await mallory.next('error')).toMatchObject({ code: 'invalid_frame', field: 'surprise' });
    }
  });

  it('C15: answers what is no JSON, no object, or of no known type or kind', async () => {
    using mallory = await loggedIn('mallory3');
    for (const [text, code] of [
      ['', 'invalid_json'],
      ['{', 'invalid_json'],
      ['nonsense', 'invalid_json'],
      ['null', 'invalid_frame'],
      ['[]', 'invalid_frame'],
      ['"chat"', 'invalid_frame'],
      ['{}', 'invalid_frame'],
      ['{"type":"constructor"}', 'unknown_type'],
      ['{"type":"__proto__"}', 'unknown_type'],
      [JSON.stringify({ ...VALID.chat, kind: 'telepathy' }), 'unknown_kind'],
      [JSON.stringify({ ...VALID.chat, kind: 'toString' }), 'unknown_kind'],
    ] as const) {
      mallory.send(text);
      expect((await mallory.next('error')).code).toBe(code);
    }
  });

  it('C15: refuses forged senders, oneself as receiver, other peoples conversations and too large content', async () => {
    using mallory = await loggedIn('mallory4');
    for (const [frame, code, field] of [
      [{ ...VALID.chat, from: 'alice' }, 'forged_sender', 'from'],
      [{ ...VALID.chat, to: 'mallory4' }, 'recipient_invalid', 'to'],
      [{ ...VALID.chat, content: { text: '文'.repeat(11_000) } }, 'content_too_large', 'content'],
      [{ ...VALID.ack, conversationId: 'alice~bob' }, 'not_a_member', 'conversationId'],
      [{ ...VALID.recall, conversationId: 'alice~bob' }, 'not_a_member', 'conversationId'],
    ] as const) {
      mallory.send(frame);
      expect(await mallory.next('error')).toMatchObject({ code, field, retry: 'never' });
    }
  });

  it("C15: a stranger's acks and recalls change nothing of another's message and tell nothing about it", async () => {
    using alice = await loggedIn('alice5', 1);
    using bob = await loggedIn('bob5', 2);
    using mallory = await loggedIn('mallory5', 1);
    alice.send({ type: 'chat', clientMessageId: 'm', to: 'bob5', content: { text: 'private' } });
    const { messageId, conversationId } = await alice.next('server_ack');
    // Names a conversation that mallory is a member of, but the message is in another.
    for (const peer of ['alice5', 'bob5']) {
      const own = [peer, 'mallory5'].toSorted().join('~');
      mallory.send({ type: 'ack', state: 'read', conversationId: own, messageIds: [messageId] });
      mallory.send({ type: 'recall', conversationId: own, messageId, ref: peer });
      expect(await mallory.next('error', ({ ref }) => ref === peer)).toMatchObject({ code: 'message_not_found' });
    }
    // The sender cannot ack for the receiver, and the receiver cannot recall.
    alice.send({ type: 'ack', state: 'read', conversationId, messageIds: [messageId] });
    bob.send({ type: 'recall', conversationId, messageId, ref: 'r' });
    expect((await bob.next('error')).code).toBe('recall_refused');
    const { messages, conversations } = cluster.running.engines;
    const [stored] = await messages.get([{ conversationId, messageId }]);
    expect(stored?.content).toEqual({ text: 'private' });
    expect(Object.values(stored?.statuses ?? {})).not.toContain('read');
    expect(await conversations.entries([{ conversationId, userId: 'bob5' }])).toMatchObject([{ read: { upTo: '' } }]);
  });
});

describe('hostile connections', () => {
  it('C15: a frame before login, a bad token and a second login are refused with their codes', async () => {
    using early = await RawSocket.open(url());
    early.send(VALID.chat ?? {});
    expect((await early.next('error')).code).toBe('not_logged_in');
    expect(await early.closed()).toBe(CLOSE_CODES.not_logged_in);
    for (const token of ['x', 'a.b.c', `${(await cluster.token('eve')).slice(0, -4)}AAAA`]) {
      using bad = await RawSocket.open(url());
      bad.send({ type: 'login', token, deviceId: 'd' });
      expect((await bad.next('error')).code).toBe('token_invalid');
      expect(await bad.closed()).toBe(CLOSE_CODES.token_invalid);
    }
    using twice = await loggedIn('twice');
    twice.send({ type: 'login', token: await cluster.token('other'), deviceId: 'd' });
    expect((await twice.next('error')).code).toBe('already_logged_in');
  });

  it('C15: frames of the other encoding and too large frames end their own connection alone', async () => {
    using other = await loggedIn('other6');
    using broken = await loggedIn('broken6');
    // A binary frame, although JSON was negotiated: it is not parsed, and the session continues.
    broken.send(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    expect((await broken.next('error')).code).toBe('invalid_frame');
    broken.send({ type: 'ping' });
    await broken.next('pong');
    using large = await loggedIn('large6');
    large.send('x'.repeat(100_000));
    expect(await large.closed()).toBe(CLOSE_CODES.frame_too_large);
    expect(await other.settled('fine')).toEqual({ frames: [] });
  });

  it('C15, C16: frames that come too fast are refused with a time to wait, and the session goes on', async () => {
    using flood = await loggedIn('flood7');
    const refused = () => flood.frames.some(({ type }) => type === 'error');
    // Sends until refused: a busy machine sends less while the bucket refills.
    for (let sent = 0; sent < 200_000 && !refused(); sent += 5_000) {
      for (let n = 0; n < 5_000; n++) flood.send('{"type":"ping"}');
      await turn();
    }
    const error = await flood.next('error');
    expect(error).toMatchObject({ code: 'too_fast', retry: 'backoff' });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(flood.closeCode).toBeUndefined();
  }, 30_000);

  it('C15, C16: too many frames behind a login that has no answer yet end the connection', async () => {
    using impatient = await RawSocket.open(url());
    const login = { type: 'login', token: await cluster.token('impatient'), deviceId: 'd' };
    impatient.sendAtOnce(login, ...Array(500).fill('{"type":"ping"}'));
    expect((await impatient.next('error')).code).toBe('too_fast');
    expect(await impatient.closed()).toBe(CLOSE_CODES.too_fast);
    // A client of the same user that waits for its answer is admitted.
    using patient = await loggedIn('impatient');
    expect(await patient.settled('on')).toEqual({ frames: [] });
  });

  it('takes frames that follow a login without waiting for its answer', async () => {
    using eager = await RawSocket.open(url());
    eager.send({ type: 'login', token: await cluster.token('eager'), deviceId: 'd' });
    eager.send({ type: 'sync_offline_messages', position: 0, ref: 's' });
    expect((await eager.next('offline_messages')).ref).toBe('s');
  });

  it('replaces the earlier session of a device, on whichever node it is', async () => {
    using first = await loggedIn('mover', 1);
    using second = await loggedIn('mover', 2);
    expect((await first.next('kicked')).reason).toBe('session_replaced');
    expect(await first.closed()).toBe(CLOSE_CODES.session_replaced);
    expect(await second.settled('on')).toEqual({ frames: [] });
  });
});
