import { CONSUMER_GROUPS } from '@chasqui/domain';
import { ConfigReader } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { readRabbitmqConfig } from './config.ts';

test('every consumer group of the apps is required, and has defaults that fit one broker on this machine', () => {
  const config = readRabbitmqConfig(new ConfigReader({}));
  expect(config.streams).toEqual(CONSUMER_GROUPS.map(({ topic, group }) => ({ topic, groups: [group] })));
  expect(config).toMatchObject({
    address: { endpoints: [{ host: '127.0.0.1', port: 5672 }] },
    quorumSize: 3,
    shards: 16,
  });
});

test('all faults are told at once, and no password', () => {
  const reader = new ConfigReader({
    CHASQUI_RABBITMQ_URL: 'http://u:secret@x',
    CHASQUI_RABBITMQ_PREFIX: 'a b',
    CHASQUI_RABBITMQ_QUORUM_SIZE: '0',
  });
  const read = () => reader.finish(readRabbitmqConfig(reader));
  expect(read).toThrow(/RABBITMQ_URL must be.*RABBITMQ_PREFIX must be.*RABBITMQ_QUORUM_SIZE must be/);
  expect(read).not.toThrow(/secret/);
});
