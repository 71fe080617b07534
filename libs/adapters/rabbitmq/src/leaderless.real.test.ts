import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { systemClock, systemRandom } from '@chasqui/kit';
import type { ChannelModel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rabbitmqctl } from '../../../../deploy/engines/rabbitmq.ts';
import { connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import { checkRabbitmq } from './check.ts';
import type { RabbitmqConfig } from './config.ts';
import { namesOf } from './names.ts';
import { open, ownConfig, setUp, tearDown } from './testing/installation.ts';

/** What a broker does at its start with a queue that it has forgotten: begins it anew, and lets nobody lead. */
async function loseLeader(queue: string): Promise<void> {
  const forget =
    `Name = '%2F_${queue}', Id = {Name, node()}, Queue = rabbit_misc:r(<<"/">>, queue, <<"${queue}">>), ` +
    'ra:force_delete_server(quorum_queues, Id), ' +
    'Machine = {module, rabbit_fifo, #{name => Name, queue_resource => Queue}}, ' +
    'ra:start_server(quorum_queues, Name, Id, Machine, [Id]).';
  expect(await rabbitmqctl(['eval', forget])).toContain('ok');
}

describe('a queue without a leader', { timeout: 120_000 }, () => {
  let config: RabbitmqConfig;
  let model: ChannelModel;

  beforeEach(async () => {
    config = ownConfig({ shards: 2, publishDeadlineMs: 500 });
    await setUp(config);
    model = await connectToAny({ config, clock: systemClock, name: 'test' });
  });
  afterEach(async () => {
    await disconnect(model, systemClock);
    await tearDown(config);
  });

  const shard = (n: number) => namesOf(config.prefix).shard(CONVERSATION_TOPIC, 'first', n);
  const check = () => checkRabbitmq({ config, clock: systemClock, random: systemRandom });
  const publish = async (n: number) => {
    await using engines = await open(config);
    await engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: n, body: '[1]' });
  };

  test('is made anew by setup if no app can have published, as setup had not ended', async () => {
    await onChannel(model, 'as if', (channel) => channel.deleteExchange(namesOf(config.prefix).finished));
    await expect(open(config)).rejects.toThrow(/lacks .*finished.*run: npx chasqui setup/);
    await loseLeader(shard(1));
    await setUp(config);
    await publish(1);
  });

  test('is made anew if it never has messages; else setup and doctor name it, and what an operator can do', async () => {
    await loseLeader(namesOf(config.prefix).members(CONVERSATION_TOPIC, 'first'));
    await setUp(config);
    expect((await check()).filter(({ ok }) => !ok)).toEqual([]);
    await loseLeader(shard(0));
    await expect(publish(0)).rejects.toThrow(/did not confirm.*npx chasqui doctor/);
    await expect(setUp(config)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/no leader for \S+first\.0: .*rabbitmqctl delete_queue/),
    });
    expect((await check()).filter(({ ok }) => !ok)).toEqual([
      { ok: false, what: `RabbitMQ: no leader for ${shard(0)}`, hint: expect.stringMatching(/quorum_status/) },
    ]);
    await rabbitmqctl(['delete_queue', shard(0)]);
    await setUp(config);
    await publish(0);
  });
});
