import { randomBytes } from 'node:crypto';
import { formatMessageId } from '@chasqui/domain';
import { type Attacker, type FloodCounts, type FloodTarget, flood } from './flood.ts';
import { passwordGuesses, strangers } from './strangers.ts';

/** One attack, which runs until the signal. */
export type Attack = (target: FloodTarget, counts: FloodCounts, signal: AbortSignal) => Promise<void>;

/** Users that attacks may act as: `eve` sends, `sink` receives her messages and is never connected. */
export const ATTACKING_USERS = ['eve'];
const CONVERSATION = 'eve~sink';

let invented = 0;
const inventedId = () => formatMessageId({ millis: Date.now() - 2_000, counter: 0, tag: ++invented });
const eve = (
  deviceId: string,
  perSecond: number,
  frame: Attacker['frame'],
  more: Partial<Attacker> = {},
): Attacker => ({
  userId: 'eve',
  deviceId,
  perSecond,
  frame,
  ...more,
});

const acks = (deviceId: string): Attacker =>
  eve(deviceId, 400, () =>
    JSON.stringify({
      type: 'ack',
      state: 'delivered',
      conversationId: CONVERSATION,
      messageIds: Array.from({ length: 500 }, inventedId),
    }),
  );
const watches = (deviceId: string): Attacker =>
  eve(deviceId, 500, (n) =>
    JSON.stringify({ type: 'presence_subscribe', users: Array.from({ length: 200 }, (_, i) => `u${n}x${i}`) }),
  );
const recalls = (deviceId: string): Attacker =>
  eve(deviceId, 2_000, () => JSON.stringify({ type: 'recall', conversationId: CONVERSATION, messageId: inventedId() }));
const LONG = 'x'.repeat(32_000);
const messages = (deviceId: string): Attacker => eve(deviceId, 950, (n) => chat(n, `{"text":"${LONG}"}`));

const start = randomBytes(6).toString('hex');
const chat = (n: number, content: string) =>
  `{"type":"chat","clientMessageId":"${start}-${n}","to":"sink","content":${content}}`;
const nested = (depth: number) => `{"text":"x","data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
const unknownFields = JSON.stringify(Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`f${n}`, 0])));

const byAll =
  (...attackers: readonly Attacker[]): Attack =>
  async (target, counts, signal) => {
    await Promise.all(attackers.map((attacker) => flood(target, attacker, counts, signal)));
  };
const devices = (count: number, attacker: (deviceId: string) => Attacker) =>
  Array.from({ length: count }, (_, n) => attacker(`d${n}`));

export const ATTACKS = {
  'acks of 500 invented ids, 400/s': byAll(acks('d')),
  'presence of 200 fresh users, 500/s': byAll(watches('d')),
  'recalls of invented ids, 2,000/s': byAll(recalls('d')),
  'messages of 32 KB, 950/s': byAll(messages('d')),
  'these four by four devices': byAll(acks('a'), watches('b'), recalls('c'), messages('d')),
  'data nested 4,000 deep, 500/s': byAll(eve('d', 500, (n) => chat(n, nested(4_000)))),
  'MessagePack garbage, 2,000/s': byAll(eve('d', 2_000, () => randomBytes(650), { subprotocol: 'chasqui.v1.msgpack' })),
  '6,000 unknown fields, 200/s': byAll(eve('d', 200, () => `{"type":"ping",${unknownFields.slice(1)}`)),
  'typing to ever new users, 5,000/s': byAll(eve('d', 5_000, (n) => `{"type":"typing","to":"u${n}"}`)),
  'pings, 50,000/s': byAll(eve('d', 50_000, () => '{"type":"ping"}')),
  'sync of page after page, 20 devices': byAll(
    ...devices(20, (deviceId) =>
      eve(deviceId, 1_000, (_, isAnswered) =>
        isAnswered ? '{"type":"sync_offline_messages","position":0,"limit":500}' : undefined,
      ),
    ),
  ),
  'slow readers of their pages, 4 devices': byAll(
    ...devices(4, (deviceId) =>
      eve(deviceId, 50, () => '{"type":"sync_offline_messages","position":0,"limit":500}', { deaf: true }),
    ),
  ),
  'strangers from one address, 1,000/s': strangers,
  'log-ins with wrong passwords, 100/s': passwordGuesses,
} as const satisfies { [name: string]: Attack };

export type AttackName = keyof typeof ATTACKS;
