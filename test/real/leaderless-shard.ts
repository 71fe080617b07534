import { setTimeout as pause } from 'node:timers/promises';
import { CONVERSATION_TOPIC, shardOf } from '@chasqui/domain';
import { expect } from 'vitest';
import { namesOf } from '../../libs/adapters/rabbitmq/src/names.ts';
import { startTestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import type { Brokers } from './brokers.ts';

const SHARDS = 4;
const PREFIX = 'leaderless-';
/** Without two of three, a queue has no leader. */
const MOST = 2;
const WITHOUT_MS = 8_000;
const PAUSE_MS = 200;
/** Far less than the 4 s of a publish that is not confirmed. */
const USUAL_MS = 2_000;
/** `publishDeadlineMs`, and what a busy machine needs besides. */
const REFUSED_MS = 5_000 + 2_000;

/** Somebody of each shard, by the shard of their conversation with ann. */
const PEERS = Array.from({ length: SHARDS }, (_, shard) => {
  for (let n = 0; ; n++) if (shardOf(`ann~bob${n}`, SHARDS) === shard) return `bob${n}`;
});

const QUEUE = namesOf(PREFIX).shard(CONVERSATION_TOPIC, 'business', 0);
const ofQueue = (call: string) => `ra:${call}(quorum_queues, {list_to_atom("%2F_${QUEUE}"), node()}).`;

/** A cluster on these brokers, of which one queue loses its leader while ann writes to somebody of each shard. */
export async function loseLeader(brokers: Brokers): Promise<void> {
  const env = {
    ...{ CHASQUI_BUS: 'rabbitmq', CHASQUI_RABBITMQ_URL: brokers.url },
    ...{ CHASQUI_RABBITMQ_PREFIX: PREFIX, CHASQUI_RABBITMQ_SHARDS: String(SHARDS) },
  };
  await using cluster = await startTestCluster({ env, nodes: 1 });
  using ann = await RawSocket.loggedIn(cluster.running.connect[0]?.wsUrl ?? '', await cluster.token('ann'), 'phone');
  let sent = 0;
  /** Resolves to the ms until the message was stored. Errors: its code. */
  const send = async (to: string) => {
    const clientMessageId = `m${++sent}`;
    const from = performance.now();
    ann.send({ type: 'chat', clientMessageId, to, content: { text: 'hello' } });
    const refused = ann.next('error', ({ ref }) => ref === clientMessageId).then(({ code }) => Promise.reject(code));
    const stored = ann.next('server_ack', (ack) => ack.clientMessageId === clientMessageId);
    refused.catch(() => {});
    stored.catch(() => {});
    await Promise.race([stored, refused]);
    return performance.now() - from;
  };
  const [lost = '', ...others] = PEERS;
  await Promise.all(PEERS.map(send));

  await brokers.eval(MOST, ofQueue('stop_server'));
  const until = performance.now() + WITHOUT_MS;
  const refusals: { code: unknown; ms: number }[] = [];
  const slowest = { ms: 0 };
  const writeToLost = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const code = await send(lost).then(
        () => 'stored',
        (error: unknown) => error,
      );
      refusals.push({ code, ms: performance.now() - from });
    }
  };
  const writeTo = async (other: string) => {
    for (; performance.now() < until; await pause(PAUSE_MS)) slowest.ms = Math.max(slowest.ms, await send(other));
  };
  await Promise.all([writeToLost(), ...others.map(writeTo)]);
  expect(slowest.ms).toBeLessThan(USUAL_MS);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['bus_unavailable']));
  expect(Math.max(...refusals.map(({ ms }) => ms))).toBeLessThan(REFUSED_MS);

  await brokers.eval(MOST, ofQueue('restart_server'));
  await expect
    .poll(() =>
      send(lost).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
}
