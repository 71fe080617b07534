import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { until } from './devices.ts';

/** The delay that a busy machine may add to the deadline, in ms: timers of the node and of this test are late. */
const SLACK_MS = 1_500;
const EVERY_MS = 150;

let cluster: ProcessCluster;
beforeAll(async () => {
  cluster = await ProcessCluster.start({ connect: 2, business: 1 });
}, 60_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);

/** A client without the library, so that the server alone decides when its sender learns of a failure. */
class Sender {
  readonly user: string;
  readonly #peer: string;
  readonly #socket: RawSocket;
  readonly #sentAt = new Map<string, number>();
  readonly acked = new Set<string>();
  readonly stored = new Set<string>();
  readonly failures: { id: string; code: string; retry: string; afterMs: number }[] = [];
  made = 0;

  constructor(user: string, peer: string, socket: RawSocket) {
    this.user = user;
    this.#peer = peer;
    this.#socket = socket;
  }

  get closeCode(): number | undefined {
    return this.#socket.closeCode;
  }

  /** Messages that have no answer yet. */
  get waiting(): readonly string[] {
    return [...this.#sentAt.keys()];
  }

  say(id = `${this.user}-${this.made++}`): void {
    this.#sentAt.set(id, performance.now());
    this.#socket.send({ type: 'chat', clientMessageId: id, to: this.#peer, content: { text: id } });
  }

  /** Handles the answers received, and resends failed messages under the same id. */
  resend(): void {
    this.listen();
    for (const { id } of this.failures.splice(0)) this.say(id);
  }

  listen(): void {
    for (const frame of this.#socket.frames.splice(0)) this.#take(frame);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'send_ack') {
      this.#sentAt.delete(frame.clientMessageId);
      this.acked.add(frame.clientMessageId);
    } else if (frame.type === 'server_ack') this.stored.add(frame.clientMessageId);
    else if (frame.type === 'error') {
      const { ref: id = '', code, retry } = frame;
      this.failures.push({ id, code, retry, afterMs: performance.now() - (this.#sentAt.get(id) ?? 0) });
      this.#sentAt.delete(id);
    }
  }
}

/** Lets every user send for a time, then waits until each message has its answer. */
async function write(senders: readonly Sender[], forMs: number): Promise<void> {
  for (const end = performance.now() + forMs; performance.now() < end; await pause(EVERY_MS)) {
    for (const sender of senders) {
      sender.say();
      sender.listen();
    }
  }
  await until(() => {
    for (const sender of senders) sender.listen();
    return senders.every(({ waiting }) => waiting.length === 0);
  }, 'an answer to every message');
}

async function history(user: string, peer: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${await cluster.token(user)}` };
  const id = [user, peer].toSorted().join('~');
  const response = await fetch(`${cluster.apiUrl}/api/conversations/${id}/messages?limit=100`, { headers });
  const { messages } = (await response.json()) as { messages: { clientMessageId: string }[] };
  return messages.map(({ clientMessageId }) => clientMessageId);
}

it('C3, C12: with the engine host frozen each sender hears a retryable error within 5 s of sending; nothing acked is lost, and sending goes on', async () => {
  await using stack = new AsyncDisposableStack();
  // Pairs across two nodes; each has its own conversation, so that they use several shards.
  const pairs = [
    ['ann', 'ben'],
    ['cat', 'dan'],
    ['eve', 'fay'],
  ] as const;
  const open = async (user: string, peer: string, url = '') =>
    new Sender(user, peer, stack.use(await RawSocket.loggedIn(url, await cluster.token(user), 'phone')));
  const senders: Sender[] = [];
  for (const [one, other] of pairs) {
    senders.push(await open(one, other, cluster.wsUrls[0]), await open(other, one, cluster.wsUrls[1]));
  }
  // The last pair has sent nothing, so no cache has data of it.
  await write(senders.slice(0, 4), 600);
  for (const { failures } of senders) expect(failures).toEqual([]);

  await cluster.signal('engine', 'SIGSTOP');
  // A frozen process would not handle SIGTERM.
  stack.defer(() => void cluster.signal('engine', 'SIGCONT'));
  // At first no process has noticed; then the nodes have; from 10 s on they have dropped their connection to the host.
  for (const forMs of [2_500, 1_000, 500]) {
    await write(senders, forMs);
    for (const { user, failures } of senders) {
      const late = failures.filter(({ afterMs }) => afterMs > DEFAULT_LIMITS.publishDeadlineMs + SLACK_MS);
      expect(late, user).toEqual([]);
      expect(failures.filter(({ retry }) => retry !== 'backoff')).toEqual([]);
    }
  }
  for (const { failures, acked, made } of senders) {
    expect(failures.map(({ code }) => code)).toContain('bus_unavailable');
    expect(failures).toHaveLength(made - acked.size);
  }

  await cluster.signal('engine', 'SIGCONT');
  for (const sender of senders) sender.say();
  await expect
    .poll(
      () => {
        for (const sender of senders) sender.resend();
        return senders.flatMap(({ acked, stored, made }) => [made - acked.size, made - stored.size]);
      },
      { timeout: 30_000, interval: 200 },
    )
    .toEqual(senders.flatMap(() => [0, 0]));
  expect(senders.map(({ closeCode }) => closeCode)).toEqual(senders.map(() => undefined));
  for (const [one, other] of pairs) {
    const said = senders.filter(({ user }) => user === one || user === other).flatMap(({ acked }) => [...acked]);
    for (const [user, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      expect((await history(user, peer)).toSorted()).toEqual(said.toSorted());
    }
  }
}, 120_000);
