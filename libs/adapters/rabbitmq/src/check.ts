import type { Clock, Random } from '@chasqui/domain';
import { type Finding, found, inParallel, sleep } from '@chasqui/kit';
import type { ChannelModel } from 'amqplib';
import { connectTo, connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import type { RabbitmqConfig } from './config.ts';
import { hasLeader } from './has-leader.ts';
import { LEADERLESS_HINT, namesOfSome } from './leaderless.ts';
import { type Names, namesOf } from './names.ts';
import { findShards } from './open.ts';
import { textOf } from './rabbitmq-url.ts';
import { delayQueues, groupQueues, isQuorum, shardQueue } from './topology.ts';

export interface CheckOptions {
  config: RabbitmqConfig;
  clock: Clock;
  random: Random;
}

const ASKED_AT_ONCE = 8;
/** A broker that takes no messages says so upon the first one, ms. */
const BLOCKED_WITHIN_MS = 500;

/** Examines the brokers for `chasqui doctor`: changes nothing that lasts. Never rejects. */
export async function checkRabbitmq(options: CheckOptions): Promise<Finding[]> {
  const { config, clock } = options;
  const findings: Finding[] = [];
  for (const endpoint of config.address.endpoints) {
    const what = `RabbitMQ at ${textOf(endpoint)}`;
    findings.push(
      await found(what, async () => {
        const model = await connectTo(endpoint, { config, clock, name: 'chasqui doctor' });
        await disconnect(model, clock);
        return versionOf(what, model);
      }),
    );
  }
  if (findings.every(({ ok }) => !ok)) return findings;
  const model = await connectToAny({ config, clock, name: 'chasqui doctor' });
  try {
    findings.push(await found('RabbitMQ: rights', () => checkRights(model, options)));
    findings.push(await found('RabbitMQ: alarms', () => checkAlarms(model, clock)));
    findings.push(await found('RabbitMQ: queues', () => checkQueues(model, options)));
    return findings;
  } finally {
    await disconnect(model, clock);
  }
}

function versionOf(what: string, { connection }: ChannelModel): Finding {
  const version = String((connection.serverProperties as { version?: unknown }).version);
  if (!version.startsWith('3.')) return { ok: true, what: `${what}: ${version}` };
  const hint =
    'Before an upgrade to 4: rabbitmqctl set_policy --apply-to quorum_queues chasqui-deliveries ^chasqui- \'{"delivery-limit":100000}\'';
  return { ok: true, what: `${what}: ${version}`, hint };
}

/** Makes an exchange and a queue of its own, publishes and reads: what an app must be allowed, and setup too. */
async function checkRights(model: ChannelModel, { config, random }: CheckOptions): Promise<Finding> {
  const names = namesOf(config.prefix);
  const own = names.process(`doctor-${Math.floor(random() * 2 ** 48).toString(36)}`);
  await onChannel(model, 'trying the rights of the user', async (channel) => {
    await channel.assertExchange(own, 'direct', { autoDelete: true, durable: false });
    await channel.assertQueue(own, { exclusive: true, durable: false });
    await channel.bindQueue(own, own, own);
    channel.publish(own, own, Buffer.from('{}'));
    await channel.get(own, { noAck: true });
    await channel.deleteQueue(own);
    await channel.deleteExchange(own);
  });
  return { ok: true, what: 'RabbitMQ: the user may configure, write and read what has the prefix' };
}

/** A broker that is short of memory or disk says so to connections that publish. */
async function checkAlarms(model: ChannelModel, clock: Clock): Promise<Finding> {
  let reason = '';
  model.on('blocked', (said: string) => {
    reason = said;
  });
  const channel = await model.createChannel();
  channel.on('error', () => {});
  // To no queue.
  channel.publish('', 'chasqui doctor', Buffer.from('{}'));
  await sleep(clock, BLOCKED_WITHIN_MS);
  if (reason === '') return { ok: true, what: 'RabbitMQ takes messages: it is not short of memory or disk' };
  const hint = 'Senders get `overloaded` meanwhile. rabbitmqctl status tells the limits, and what takes the memory.';
  return { ok: false, what: `RabbitMQ takes no messages: ${reason}`, hint };
}

async function checkQueues(model: ChannelModel, { config, clock }: CheckOptions): Promise<Finding> {
  const names = namesOf(config.prefix);
  const queues = quorumQueues(names, config, await findShards(model, config));
  const lost: string[] = [];
  await inParallel(queues, ASKED_AT_ONCE, async (queue) => {
    if (!(await hasLeader(model, queue, { config, clock }))) lost.push(queue);
  });
  if (lost.length === 0) return { ok: true, what: `RabbitMQ: ${queues.length} queues, each with a leader` };
  return { ok: false, what: `RabbitMQ: no leader for ${namesOfSome(lost)}`, hint: LEADERLESS_HINT };
}

function quorumQueues(names: Names, { streams, quorumSize }: RabbitmqConfig, shards: ReadonlyMap<string, number>) {
  const traits = { quorumSize, hasDeliveryLimit: false };
  const ofGroups = streams.flatMap(({ topic, groups }) =>
    groups.flatMap((group) => [
      ...groupQueues(names, topic, group, traits),
      ...Array.from({ length: shards.get(topic) ?? 0 }, (_, shard) => shardQueue(names, topic, group, shard, traits)),
    ]),
  );
  return [...delayQueues(names, traits), ...ofGroups].filter(isQuorum).map(({ name }) => name);
}
