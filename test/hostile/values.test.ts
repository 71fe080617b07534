import { MAX_JSON_DEPTH } from '@chasqui/domain';
import { CLOSE_CODES } from '@chasqui/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { messagePack, RawSocket } from './raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1 });
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const url = () => cluster.running.connect[0]?.wsUrl ?? '';
const json = async (user: string) => RawSocket.loggedIn(url(), await cluster.token(user), 'd');
const binary = async (user: string) => RawSocket.loggedIn(url(), await cluster.token(user), 'd', 'chasqui.v1.msgpack');

const arrays = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const chat = (id: string, data: string, to = 'bob') =>
  `{"type":"chat","clientMessageId":"${id}","to":"${to}","content":{"text":"x","data":${data}}}`;

/** Two other users exchange messages until these are stored. */
async function othersAreWell(id: string): Promise<void> {
  using sender = await json('cid');
  sender.send({ type: 'chat', clientMessageId: id, to: 'dan', content: { text: 'still here' } });
  await sender.next('server_ack', ({ clientMessageId }) => clientMessageId === id);
}

describe('C15, C16: how deep a value may nest', () => {
  test('thousands of levels, from one user to many, are refused with the field, and nobody waits for anything', async () => {
    using mallory = await json('mallory');
    for (let n = 0; n < 200; n++) {
      const data = n % 2 === 0 ? `{"a":${arrays(4_440 + (n % 24))}}` : objects(3_494 + n);
      mallory.send(chat(`n${n}`, data, `u${n}`));
    }
    for (let n = 0; n < 200; n++) {
      expect(await mallory.next('error', ({ ref }) => ref === `n${n}`)).toMatchObject({
        code: 'invalid_frame',
        field: 'content.data',
        retry: 'never',
      });
    }
    await othersAreWell('after-the-nests');
  }, 30_000);

  test('as deep as the bound is stored and told in both encodings; one level more is refused', async () => {
    using ana = await json('ana1');
    using bob = await binary('bob1');
    // The frame and its content are the first two levels.
    ana.send(chat('deep', objects(MAX_JSON_DEPTH - 2), 'bob1'));
    ana.send(chat('deeper', objects(MAX_JSON_DEPTH - 1), 'bob1'));
    await ana.next('server_ack');
    expect(await ana.next('error')).toMatchObject({ code: 'invalid_frame', field: 'content.data', ref: 'deeper' });
    const content = (await bob.next('chat')).content;
    expect(content?.data).toEqual(JSON.parse(objects(MAX_JSON_DEPTH - 2)));
  });
});

describe('C15: what data and text may say', () => {
  test.each([
    ['{"n":9007199254740993}', 'content.data.n'],
    ['{"n":[1e400]}', 'content.data.n.0'],
    ['{"n":-1e-400}', 'content.data.n'],
    ['{"a":"\\ud83d"}', 'content.data.a'],
    ['{"\\ude00":1}', 'content.data.\ufffd'],
    ['1', 'content.data'],
  ])('%s is refused with its field, and the clientMessageId', async (data, field) => {
    using ana = await json('ana2');
    ana.send(chat('c2', data));
    expect(await ana.next('error')).toMatchObject({ code: 'invalid_frame', field, ref: 'c2' });
    expect(await ana.settled('on')).toEqual({ frames: [] });
  });

  test('half a surrogate pair as text is refused with its field, a whole one is not', async () => {
    using ana = await json('ana3');
    const frame = (id: string, text: string) =>
      `{"type":"chat","clientMessageId":"${id}","to":"bob3","content":{"text":"${text}"}}`;
    ana.send(frame('half', 'a\\ud83d'));
    expect(await ana.next('error')).toMatchObject({ code: 'invalid_frame', field: 'content.text', ref: 'half' });
    ana.send(frame('whole', '\\ud83d\\ude00'));
    await ana.next('send_ack');
  });

  test.each(['.', '..'])('nobody writes to %s, or is it, or has it for a device', async (id) => {
    using ana = await json('ana8');
    for (const [frame, field] of [
      [{ type: 'chat', clientMessageId: 'c', to: id, content: { text: 'x' } }, 'to'],
      [{ type: 'typing', to: id }, 'to'],
      [{ type: 'presence_subscribe', users: ['bob', id] }, 'users.1'],
    ] as const) {
      ana.send(frame);
      expect(await ana.next('error')).toMatchObject({ code: 'invalid_frame', field });
    }
    for (const [user, deviceId, code] of [
      [id, 'd', 'token_invalid'],
      ['ana8', id, 'invalid_frame'],
    ] as const) {
      using stranger = await RawSocket.open(url());
      stranger.send({ type: 'login', token: await cluster.token(user), deviceId });
      expect((await stranger.next('error')).code).toBe(code);
    }
  });

  test('a refusal by the schema carries the clientMessageId of a chat and the ref of any other frame', async () => {
    using ana = await json('ana4');
    for (const [frame, ref] of [
      [{ type: 'chat', clientMessageId: 'c1', to: 'bob' }, 'c1'],
      [{ type: 'chat', clientMessageId: 'c1', ref: 'r', to: 7, content: { text: 'x' } }, 'c1'],
      [{ type: 'chat', clientMessageId: 7, ref: 'r', to: 'bob', content: { text: 'x' } }, undefined],
      [{ type: 'chat', clientMessageId: 'c'.repeat(65), to: 'bob', content: { text: 'x' } }, undefined],
      [{ type: 'recall', ref: 'r1' }, 'r1'],
      [{ type: 'telepathy', ref: 'r2' }, 'r2'],
    ] as const) {
      ana.send(frame);
      const error = await ana.next('error');
      expect([error.retry, error.ref]).toEqual(['never', ref]);
    }
  });
});

describe('C15: MessagePack is JSON in other bytes', () => {
  const pack = (frame: object) => messagePack.pack(frame);
  const withData = (data: unknown) =>
    pack({ type: 'chat', clientMessageId: 'm', to: 'bob5', content: { data: { x: data } } });

  test.each([
    ['a BigInt', 2n ** 60n],
    ['a negative BigInt', -(2n ** 60n)],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['binary', new Uint8Array(3)],
    ['a Date', new Date(0)],
  ])('%s in data is refused with its field, and is no fault of ours', async (_, value) => {
    using ana = await binary('ana5');
    ana.send(withData(value));
    expect(await ana.next('error')).toMatchObject({
      code: 'invalid_frame',
      field: 'content.data.x',
      retry: 'never',
      ref: 'm',
    });
    expect(await ana.settled('on')).toEqual({ frames: [] });
  });

  test('a position as a 64-bit integer is one; one that no double holds is refused with its field', async () => {
    using ana = await binary('ana6');
    ana.send(pack({ type: 'sync_offline_messages', position: 0n }));
    expect(await ana.next('offline_messages')).toMatchObject({ caughtUp: true });
    ana.send(pack({ type: 'sync_offline_messages', position: 2n ** 60n, ref: 'r' }));
    expect(await ana.next('error')).toMatchObject({ code: 'invalid_frame', field: 'position' });
  });

  test('what names its keys as programs do is sent, stored and told like anything else', async () => {
    using ana = await json('ana7');
    using bob = await binary('bob7');
    const data = '{"constructor":1,"toJSON":1,"hasOwnProperty":null,"then":{}}';
    ana.send(chat('odd', data, 'bob7'));
    await ana.next('server_ack');
    expect((await bob.next('chat')).content?.data).toEqual(JSON.parse(data));
  });

  /** A tree whose subtrees are the same object: 60 levels by reference would expand to 2^60 nodes. */
  const shared = () => {
    const bytes = [0x92];
    for (let n = 1; n < 60; n++) bytes.push(0xd6, 0x69, 0, 0, 0, n, 0x92, 0xd6, 0x70, 0, 0, 0, n);
    return Uint8Array.from([...bytes, 1, 1, 0xc0]);
  };

  test.each<[string, string | Uint8Array, keyof typeof CLOSE_CODES]>([
    ['shared nodes and one byte more', shared(), 'invalid_frame'],
    ['noise', Uint8Array.from([0xc1, 0x13, 0x37]), 'invalid_json'],
    ['a value and one byte more', Uint8Array.from([0x80, 0x01]), 'invalid_json'],
    ['a BigInt', Uint8Array.from([0x81, 0xa1, 0x61, ...new Array(9).fill(0xcf)]), 'invalid_frame'],
    ['nests', new Uint8Array(60_000).fill(0x91), 'invalid_frame'],
    ['a text frame', '{"type":"ping"}', 'invalid_frame'],
    ['nests as text', arrays(30_000), 'invalid_frame'],
  ])('a first frame that cannot be taken ends the connection: %s', async (_, data, reason) => {
    using stranger = await RawSocket.open(url(), {}, 'chasqui.v1.msgpack');
    stranger.send(data);
    expect((await stranger.next('error')).code).toBe(reason);
    expect(await stranger.closed()).toBe(CLOSE_CODES[reason]);
  });

  test.each([
    ['text that is no JSON', '{"type":"ping"', 'invalid_json'],
    ['bytes', new TextEncoder().encode('{"type":"ping"}'), 'invalid_frame'],
  ] as const)('so does a first frame of %s, where JSON was agreed', async (_, data, reason) => {
    using stranger = await RawSocket.open(url());
    stranger.send(data);
    expect((await stranger.next('error')).code).toBe(reason);
    expect(await stranger.closed()).toBe(CLOSE_CODES[reason]);
  });
});
