import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { expect, onTestFinished, test } from 'vitest';
import { rabbitmqctl } from '../../../../deploy/engines/rabbitmq.ts';
import { namesOf } from './names.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

/** More than a broker takes for a queue that does not answer before it slows the channel (`quorum_commands_soft_limit`). */
const MANY = 64;
/** More than it takes from a slowed channel before it stops reading from the connection (`credit_flow_default_credit`). */
const MORE = 1_000;

test('a shard whose queue has no leader holds up no other shard', { timeout: 60_000 }, async () => {
  const config = ownConfig({ shards: 2, publishDeadlineMs: 2_000 });
  await setUp(config);
  onTestFinished(() => tearDown(config));
  await using engines = await open(config);
  const publish = (shard: number) => engines.bus.publish({ topic: CONVERSATION_TOPIC, shard, body: '[1]' });
  await Promise.all([publish(0), publish(1)]);
  const leader = (call: string) => {
    const name = `%2F_${namesOf(config.prefix).shard(CONVERSATION_TOPIC, 'first', 0)}`;
    return rabbitmqctl(['eval', `ra:${call}(quorum_queues, {list_to_atom("${name}"), node()}).`]);
  };
  await leader('stop_server');
  onTestFinished(async () => void (await leader('restart_server').catch(() => {})));
  const toNobody = await Promise.allSettled(Array.from({ length: MANY }, () => publish(0)));
  expect(new Set(toNobody.map(({ status }) => status))).toEqual(new Set(['rejected']));
  for (let sent = 0; sent < MORE; sent += MANY) await Promise.all(Array.from({ length: MANY }, () => publish(1)));
  await leader('restart_server');
  await expect
    .poll(
      () =>
        publish(0).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
});
