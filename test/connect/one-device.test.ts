import type { ConnectNode } from '@chasqui/app-connect/core';
import { createManualClock, type ManualClock } from '@chasqui/contracts';
import { createMemoryPresence } from '@chasqui/memory';
import { type Presence, STALE_LOGIN_MS, type TokenVerifier } from '@chasqui/ports';
import { CLOSE_CODES } from '@chasqui/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryConnection, memoryNode } from './memory-node.ts';

/** One log-in of ann's phone: when, where, and how long each of its steps takes, in ms. */
interface LogIn {
  at: number;
  node: number;
  verifyMs: number;
  /** From the call that registers to presence, and from presence to its answer. */
  registerMs: [there: number, back: number];
}

const ms = fc.integer({ min: 0, max: 8 });
const logIns = (nodes: number) =>
  fc.array(fc.record({ at: ms, node: fc.nat(nodes - 1), verifyMs: ms, registerMs: fc.tuple(ms, ms) }), {
    minLength: 2,
    maxLength: 5,
  });

const wait = (clock: ManualClock, afterMs: number) => new Promise<void>((resolve) => clock.after(afterMs, resolve));

/** Nodes with one presence store; both are as slow as the log-ins say. */
class Stage {
  readonly clock = createManualClock();
  readonly nodes: ConnectNode[] = [];
  readonly connections: MemoryConnection[] = [];
  readonly presence: Presence;
  /** Sessions in the order in which presence registered them. */
  readonly heard: string[] = [];
  readonly #plan: readonly LogIn[];
  #registrations = 0;

  constructor(plan: readonly LogIn[], count: number) {
    this.#plan = plan;
    const { presence, nodes: registry } = createMemoryPresence({ clock: this.clock });
    this.presence = presence;
    for (let n = 0; n < count; n++) {
      const verifier: TokenVerifier = { verify: (token) => this.#verify(Number(token)) };
      const slow: Presence = { ...presence, register: (entry) => this.#register(entry) };
      this.nodes.push(
        memoryNode({
          nodeId: `n${n}`,
          clock: this.clock,
          presence: slow,
          nodes: registry,
          verifier,
          peers: {
            deliver: async ({ nodeId }, deliveries) =>
              this.nodes[Number(nodeId.slice(1))]?.deliver(deliveries) ?? deliveries.map(() => 0),
            [Symbol.asyncDispose]: async () => {},
          },
        }),
      );
    }
  }

  /** Runs the plan until no log-in is in progress. */
  async run(): Promise<void> {
    for (const node of this.nodes) await node.start();
    for (const [index, { at, node }] of this.#plan.entries()) {
      this.clock.after(at, () => {
        const connection = new MemoryConnection(this.nodes[node] as ConnectNode, `c${index}`);
        this.connections[index] = connection;
        connection.write({ type: 'login', token: String(index), deviceId: 'phone' });
      });
    }
    // Registrations of one device on one node are serialised.
    for (let passed = 0; passed < 200; passed++) await this.clock.advance(1);
  }

  async #verify(index: number) {
    await wait(this.clock, this.#plan[index]?.verifyMs ?? 0);
    return { userId: 'ann', expiresAt: Number.POSITIVE_INFINITY, issuedAt: 0 };
  }

  async #register(entry: Parameters<Presence['register']>[0]) {
    const [there, back] = this.#plan[this.#registrations++ % this.#plan.length]?.registerMs ?? [0, 0];
    await wait(this.clock, there);
    this.heard.push(entry.sessionId);
    const registered = await this.presence.register(entry);
    await wait(this.clock, back);
    return registered;
  }
}

const sessionOf = ({ frames }: MemoryConnection) =>
  frames.flatMap((frame) => (frame.type === 'login_ok' ? [frame.sessionId] : []))[0];

/** The log-ins that are online in the end: all others were closed for good, and presence has exactly that one. */
async function onlineAfter(plan: readonly LogIn[], count: number): Promise<{ online: number[]; stage: Stage }> {
  const stage = new Stage(plan, count);
  await stage.run();
  const online = [...stage.connections.entries()].filter(([, { closeCode }]) => closeCode === undefined);
  expect(online).toHaveLength(1);
  for (const { closeCode } of stage.connections) {
    expect([undefined, CLOSE_CODES.session_replaced]).toContain(closeCode);
  }
  const [[, connection] = []] = online;
  const [entries = []] = await stage.presence.lookup(['ann']);
  expect(entries.map(({ sessionId }) => sessionId)).toEqual([sessionOf(connection as MemoryConnection)]);
  for (const node of stage.nodes) await node[Symbol.asyncDispose]();
  return { online: online.map(([index]) => index), stage };
}

test('three restored tabs of one device: one is online, the others end for good', async () => {
  const tab = { at: 0, node: 0, verifyMs: 1, registerMs: [1, 1] as [number, number] };
  expect((await onlineAfter([tab, tab, tab], 1)).online).toEqual([2]);
});

test('of the log-ins of one device on one node the last to arrive stays, whatever takes how long', async () => {
  await fc.assert(
    fc.asyncProperty(logIns(1), async (plan) => {
      const last = plan.reduce((best, { at }, index) => (at >= (plan[best]?.at ?? 0) ? index : best), 0);
      expect((await onlineAfter(plan, 1)).online).toEqual([last]);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('of the log-ins of one device on several nodes the last that presence heard of stays', async () => {
  await fc.assert(
    fc.asyncProperty(logIns(2), async (plan) => {
      const { online, stage } = await onlineAfter(plan, 2);
      const [index = -1] = online;
      expect(sessionOf(stage.connections[index] as MemoryConnection)).toBe(stage.heard.at(-1));
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** A log-in on n0 that presence hears of late, and a later one of the device on n1. Returns both connections' close codes. */
async function lateAfter(plan: readonly LogIn[], meanwhile: (stage: Stage) => void): Promise<(number | undefined)[]> {
  const stage = new Stage(plan, 2);
  const run = stage.run();
  stage.clock.after(12, () => meanwhile(stage));
  await run;
  for (let passed = 0; passed < 3_000; passed += 10) await stage.clock.advance(10);
  const [entries = []] = await stage.presence.lookup(['ann']);
  const online = stage.connections.filter(({ closeCode }) => closeCode === undefined);
  expect(entries.map(({ sessionId }) => sessionId)).toEqual(online.map(sessionOf));
  const codes = stage.connections.map(({ closeCode }) => closeCode);
  for (const node of stage.nodes) await node[Symbol.asyncDispose]();
  return codes;
}

test('a log-in that presence hears of after the device logged in elsewhere ends, and may be repeated', async () => {
  const late: LogIn = { at: 0, node: 0, verifyMs: 0, registerMs: [STALE_LOGIN_MS + 500, 0] };
  const later: LogIn = { at: STALE_LOGIN_MS + 100, node: 1, verifyMs: 0, registerMs: [1, 1] };
  const codes = await lateAfter([late, later], () => {});
  expect(codes).toEqual([CLOSE_CODES.presence_unavailable, undefined]);
});

test('a log-in that is over when presence hears of it closes the device’s next session so that it comes back', async () => {
  const late: LogIn = { at: 0, node: 0, verifyMs: 0, registerMs: [40, 0] };
  const later: LogIn = { at: 8, node: 1, verifyMs: 0, registerMs: [1, 1] };
  const codes = await lateAfter([late, later], ({ connections }) => connections[0]?.end(1006, ''));
  expect(codes[1]).toBe(CLOSE_CODES.presence_unavailable);
});
