import { ConfigReader } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { readRocketmqConfig } from './config.ts';

function read(env: Record<string, string>) {
  const reader = new ConfigReader(env);
  return reader.finish(readRocketmqConfig(reader));
}

test('without any key it is the RocketMQ of this machine, at its own ports', () => {
  expect(read({})).toMatchObject({
    endpoints: [{ host: '127.0.0.1', port: 8081 }],
    nameServers: [{ host: '127.0.0.1', port: 9876 }],
    prefix: 'chasqui-',
    shards: 16,
  });
});

test('a sender hears of a bus that is away before its own deadline', () => {
  expect(read({}).publishDeadlineMs).toBeLessThan(5_000);
});

test('several proxies are named by their addresses, several name servers by anything', () => {
  const config = read({
    CHASQUI_ROCKETMQ_ENDPOINTS: '10.0.0.1:8081, 10.0.0.2:8081',
    CHASQUI_ROCKETMQ_NAMESERVER: 'one:9876;two:9876',
  });
  expect(config.endpoints).toHaveLength(2);
  expect(config.nameServers).toEqual([
    { host: 'one', port: 9876 },
    { host: 'two', port: 9876 },
  ]);
});

test('every fault is named at a time', () => {
  const reading = () =>
    read({
      CHASQUI_ROCKETMQ_ENDPOINTS: 'one:8081,two:8081',
      CHASQUI_ROCKETMQ_NAMESERVER: 'nowhere',
      CHASQUI_ROCKETMQ_PREFIX: 'no spaces',
      CHASQUI_ROCKETMQ_SHARDS: '0',
    });
  for (const key of ['ENDPOINTS', 'NAMESERVER', 'PREFIX', 'SHARDS'])
    expect(reading).toThrow(`CHASQUI_ROCKETMQ_${key} must`);
});
