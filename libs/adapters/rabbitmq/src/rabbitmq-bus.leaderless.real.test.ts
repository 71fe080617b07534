import { setTimeout as pause } from 'node:timers/promises';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import type { MessageBus } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { rabbitmqctl } from '../../../../deploy/engines/rabbitmq.ts';
import type { RabbitmqConfig } from './config.ts';
import { namesOf } from './names.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

/** More than a broker takes for a queue that does not answer before it slows the channel (`quorum_commands_soft_limit`). */
const MANY = 64;
/** More than it takes from a slowed channel before it stops reading from the connection (`credit_flow_default_credit`). */
const MORE = 1_000;
/** By then the subscriptions to the two shards are no longer tried at the same moments. */
const SEPARATE_MS = 6_000;
const BODY = JSON.stringify(['x'.repeat(1_000)]);

/** Calls a function of Ra, which has the queues, for the only copy of a shard's queue. */
const leaderOf = (config: RabbitmqConfig, shard: number) => (call: string) => {
  const name = `%2F_${namesOf(config.prefix).shard(CONVERSATION_TOPIC, 'first', shard)}`;
  return rabbitmqctl(['eval', `ra:${call}(quorum_queues, {list_to_atom("${name}"), node()}).`]);
};

const isAcked = (bus: MessageBus, shard: number) =>
  bus.publish({ topic: CONVERSATION_TOPIC, shard, body: BODY }).then(
    () => true,
    () => false,
  );

test('a shard whose queue has no leader holds up no other shard, however long it lasts', {
  timeout: 60_000,
}, async () => {
  // Bodies that were not confirmed fill less than half of it.
  const config = ownConfig({ shards: 2, publishDeadlineMs: 500, maxWaitingBytes: 2 * MANY * BODY.length });
  await setUp(config);
  onTestFinished(() => tearDown(config));
  await using engines = await open(config);
  const publish = (shard: number) => engines.bus.publish({ topic: CONVERSATION_TOPIC, shard, body: BODY });
  await Promise.all([publish(0), publish(1)]);
  const leader = leaderOf(config, 0);
  await leader('stop_server');
  onTestFinished(async () => void (await leader('restart_server').catch(() => {})));
  for (let sent = 0; sent < MORE; sent += MANY) {
    const toNobody = await Promise.allSettled(Array.from({ length: MANY }, () => publish(0)));
    const codes = toNobody.map((outcome) =>
      outcome.status === 'rejected' ? ImError.from(outcome.reason).code : 'acked',
    );
    expect(new Set(codes)).toEqual(new Set(['bus_unavailable']));
    await Promise.all(Array.from({ length: MANY }, () => publish(1)));
  }
  await leader('restart_server');
  await expect.poll(() => isAcked(engines.bus, 0), { timeout: 20_000 }).toBe(true);
});

test('C3: a shard whose queue has no process ends the connection of who subscribes: others are consumed nevertheless', {
  timeout: 60_000,
}, async () => {
  const config = ownConfig({ shards: 2 });
  await setUp(config);
  onTestFinished(() => tearDown(config));
  const leader = leaderOf(config, 0);
  await leader('stop_server');
  onTestFinished(async () => void (await leader('restart_server').catch(() => {})));
  await using engines = await open(config);
  let seen = 0;
  engines.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'first',
    async handle(batch) {
      seen += batch.length;
    },
  });
  await pause(SEPARATE_MS);
  let late = 0;
  for (let sent = 1; sent <= 30; sent++) {
    const from = performance.now();
    await engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: 1, body: '[1]' });
    await expect.poll(() => seen, { interval: 5 }).toBeGreaterThanOrEqual(sent);
    if (performance.now() - from > 1_000) late++;
    await pause(100);
  }
  // Those that were on their way at one more attempt.
  expect(late).toBeLessThanOrEqual(3);
  await leader('restart_server');
  await expect.poll(() => isAcked(engines.bus, 0), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => seen, { timeout: 40_000 }).toBeGreaterThan(30);
});
