import { ConfigReader } from '@chasqui/kit';
import { describe, expect, it } from 'vitest';
import { readHbaseConfig } from './config.ts';

function read(env: Record<string, string>) {
  const reader = new ConfigReader(env);
  return reader.finish(readHbaseConfig(reader));
}

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(read({})).toMatchObject({
      zookeeper: [{ host: '127.0.0.1', port: 2181 }],
      znode: '/hbase',
      tablePrefix: 'chasqui_',
      deadlineMs: 5_000,
    });
  });

  it('takes several ZooKeeper servers, with and without port, and addresses of every kind', () => {
    expect(read({ CHASQUI_HBASE_ZOOKEEPER: 'zk-1.example:2182, zk2,[::1]:2183' }).zookeeper).toEqual([
      { host: 'zk-1.example', port: 2182 },
      { host: 'zk2', port: 2181 },
      { host: '::1', port: 2183 },
    ]);
  });

  it('lists every fault', () => {
    const env = {
      CHASQUI_HBASE_ZOOKEEPER: 'host:99999',
      CHASQUI_HBASE_ZNODE: 'hbase',
      CHASQUI_HBASE_TABLE_PREFIX: 'a b',
      CHASQUI_HBASE_DEADLINE_MS: 'soon',
      CHASQUI_HBASE_COMPRESSION: 'zip',
    };
    for (const key of Object.keys(env)) expect(() => read(env)).toThrow(key);
  });
});
