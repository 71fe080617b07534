import { CLOSE_CODES, type ServerFrame } from '@chasqui/protocol';
import { createTokenIssuer } from '@chasqui/tokens';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JWT_SECRET, startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { FRAME_CASES, type FrameAnswer, type FrameCase } from './frame-cases.ts';
import { RawSocket } from './raw-socket.ts';

/** A device that is to be unregistered. */
const LOST = 'lost-phone';
const SECRET_WORDS = 'private words';
const cases: [string, FrameCase][] = Object.entries(FRAME_CASES);

let cluster: TestCluster;
let ana: RawSocket;
let bob: RawSocket;
let messageId: string;
let n = 0;

const urlOf = (node: number) => cluster.running.connect[node - 1]?.wsUrl ?? '';
const logIn = async (user: string, deviceId = 'phone', node = 1) =>
  RawSocket.loggedIn(urlOf(node), await cluster.token(user), deviceId);

/** All stored state of ana and bob. */
async function state(): Promise<string> {
  const { conversations, logs, messages, devices, revocations } = cluster.running.engines;
  const of = async (userId: string) => ({
    conversations: (await conversations.list(userId, 100)).filter(({ conversationId }) => conversationId === 'ana~bob'),
    positions: (await logs.devices(userId)).map(({ deviceId, position }) => [deviceId, position]),
    devices: (await devices.list([userId]))
      .flat()
      .filter(({ deviceId }) => deviceId !== LOST)
      .map(({ deviceId, registrations }) => [deviceId, registrations]),
    // Without the count of ended sessions, which this device does not affect.
    cutOffs: (await revocations.cutOffs([{ userId, deviceId: 'phone' }])).map(({ current: _, ...ended }) => ended),
  });
  const stored = await messages.get([{ conversationId: 'ana~bob', messageId }]);
  return JSON.stringify([stored, await of('ana'), await of('bob')]);
}

beforeAll(async () => {
  cluster = await startTestCluster();
  const { blocks, profiles } = cluster.running.engines;
  await blocks.block('ana', 'mallory', 1);
  await profiles.put({
    userId: 'ana',
    displayName: 'Ana',
    avatar: '',
    locale: '',
    version: 1,
    updatedAt: 1,
    notifications: { enabled: true, showText: false, quietHours: null },
    privacy: { presence: 'contacts', lastSeen: 'contacts', discoverable: false },
  });
  [ana, bob] = [await logIn('ana'), await logIn('bob', 'phone', 2)];
  ana.send({ type: 'chat', clientMessageId: 'm', to: 'bob', content: { text: SECRET_WORDS } });
  messageId = (await ana.next('server_ack')).messageId;
  await bob.next('stored');
  // The ack matters: a message that no device acks is announced to its sender after a while, during other cases.
  bob.send({ type: 'ack', conversationId: 'ana~bob', messageIds: [messageId], state: 'delivered' });
  await ana.next('receipt');
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

beforeEach(async () => {
  await ana.settled(`before-${++n}`);
  await bob.settled(`before-${n}`);
});

/** The frames that ana and bob have received since, without the types that the case may bring them. */
async function told(brings: readonly string[] = []): Promise<ServerFrame[]> {
  const all = [await ana.settled(`after-${++n}`), await bob.settled(`after-${n}`)];
  return all.flatMap(({ frames }) => frames).filter(({ type }) => !brings.includes(type));
}

function expectAnswer(frames: readonly ServerFrame[], expected: FrameAnswer): void {
  expect(JSON.stringify(frames)).not.toContain(SECRET_WORDS);
  const errors = frames.flatMap((frame) => (frame.type === 'error' ? [frame.code] : []));
  if (expected === 'nothing') expect(frames).toEqual([]);
  else if ('error' in expected) expect(errors).toEqual([expected.error]);
  else {
    expect(errors).toEqual([]);
    expect(frames.map(({ type }) => type as string)).toContain(expected.own);
  }
}

/** Sends a case's frame as a logged-in user; expects the answer, and that no state of ana or bob changed. */
async function tryAs(user: string, { frame, brings }: FrameCase, expected: FrameAnswer): Promise<void> {
  using socket = await logIn(user, `d${++n}`);
  const before = await state();
  socket.send(frame(messageId));
  // Answers that pass through the bus arrive after others, so the expected one is awaited.
  if (expected !== 'nothing') {
    const isIt = (one: ServerFrame) => one.type === ('error' in expected ? 'error' : expected.own);
    await expect.poll(() => socket.frames.some(isIt), { timeout: 10_000 }).toBe(true);
  }
  const { frames } = await socket.settled(`s${n}`).catch(() => ({ frames: socket.frames }));
  expectAnswer(frames.length > 0 ? frames : socket.frames, expected);
  expect(await told(brings)).toEqual([]);
  expect(await state()).toBe(before);
}

describe('C15: every frame, by somebody who is no part of it', () => {
  test.each(cases)('a stranger: %s', (_, entry) => tryAs('eve', entry, entry.stranger));
  test.each(cases)('a blocked user: %s', (_, entry) => tryAs('mallory', entry, entry.blocked ?? entry.stranger));

  test('neither learns whether ana is there', async () => {
    for (const user of ['eve', 'mallory']) {
      using socket = await logIn(user, 'watching');
      socket.send({ type: 'presence_subscribe', users: ['ana'] });
      expect(await socket.next('presence')).toMatchObject({ userId: 'ana', online: false });
    }
  });
});

describe('C15: every frame, by somebody who is not let in', () => {
  test.each(cases.filter(([type]) => type !== 'login'))('nobody: %s', async (_, { frame }) => {
    using socket = await RawSocket.open(urlOf(1));
    const before = await state();
    socket.send(frame(messageId));
    expect((await socket.next('error')).code).toBe('not_logged_in');
    expect(await socket.closed()).toBe(CLOSE_CODES.not_logged_in);
    expect(socket.frames).toEqual([]);
    expect(await told()).toEqual([]);
    expect(await state()).toBe(before);
  });

  const late = { now: () => Date.now() - 7_200_000, monotonic: () => 0, after: () => ({ cancel() {} }) };
  const ttl = { accessTtlS: 3600, refreshTtlS: 3600 };
  const now = { ...late, now: () => Date.now() };
  const tokens: [string, keyof typeof CLOSE_CODES, () => Promise<string>][] = [
    [
      'expired',
      'token_expired',
      async () => (await createTokenIssuer({ secret: JWT_SECRET, clock: late, ...ttl }).issue('ana')).accessToken,
    ],
    [
      'for refreshing',
      'token_invalid',
      async () => (await createTokenIssuer({ secret: JWT_SECRET, clock: now, ...ttl }).issue('ana')).refreshToken,
    ],
    [
      'of another device',
      'token_invalid',
      async () =>
        (await createTokenIssuer({ secret: JWT_SECRET, clock: now, ...ttl }).issue('ana', { deviceId: 'laptop' }))
          .accessToken,
    ],
    [
      'signed by another',
      'token_invalid',
      async () => (await createTokenIssuer({ secret: `${JWT_SECRET}?`, clock: now, ...ttl }).issue('ana')).accessToken,
    ],
    ['of a revoked device', 'token_invalid', () => revokedToken()],
    ['of a disabled user', 'user_disabled', () => disabledToken()],
  ];

  async function revokedToken(): Promise<string> {
    const { accessToken } = await createTokenIssuer({ secret: JWT_SECRET, clock: now, ...ttl }).issue('ana', {
      deviceId: 'stolen',
    });
    const { revocations } = cluster.running.engines;
    await revocations.revoke({ userId: 'ana', deviceId: 'stolen', issuedBefore: Date.now() + 1_000 });
    return accessToken;
  }

  async function disabledToken(): Promise<string> {
    await cluster.running.engines.revocations.disable('zoe', 1);
    return cluster.token('zoe');
  }

  test.each(tokens)(
    'a token %s: no log-in, and whatever is sent behind it is not looked at',
    async (whose, code, make) => {
      const token = await make();
      using socket = await RawSocket.open(urlOf(1));
      const before = await state();
      socket.send({ type: 'login', token, deviceId: whose === 'of a revoked device' ? 'stolen' : 'thief' });
      for (const [, { frame }] of cases) socket.send(frame(messageId));
      expect((await socket.next('error')).code).toBe(code);
      expect(await socket.closed()).toBe(CLOSE_CODES[code]);
      expect(socket.frames).toEqual([]);
      expect(await told()).toEqual([]);
      expect(await state()).toBe(before);
    },
  );

  test('a device that is kicked out while connected is told, closed, and what it sends then changes nothing', async () => {
    using lost = await logIn('ana', LOST);
    await ana.settled(`kick-${++n}`);
    const headers = { authorization: `Bearer ${await cluster.token('ana')}` };
    const before = await state();
    const answer = await fetch(`${cluster.running.url}/api/devices/${LOST}`, { method: 'DELETE', headers });
    expect(answer.status).toBe(204);
    for (const [, { frame }] of cases) lost.send(frame(messageId));
    expect((await lost.next('kicked')).reason).toBe('logged_out');
    expect(await lost.closed()).toBe(CLOSE_CODES.logged_out);
    expect(await told()).toEqual([]);
    expect(await state()).toBe(before);
    const [known = []] = await cluster.running.engines.devices.list(['ana']);
    expect(known.map(({ deviceId }) => deviceId)).not.toContain(LOST);
  });
});
