import { ConfigReader } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { readRedisConfig } from './config.ts';
import { parseRedisUrl } from './redis-url.ts';

describe('address of Redis', () => {
  test.each([
    ['redis://127.0.0.1', { hosts: [{ host: '127.0.0.1', port: 6379 }], db: 0, tls: false }],
    ['rediss://redis.example:7000/3', { hosts: [{ host: 'redis.example', port: 7000 }], db: 3, tls: true }],
    [
      'redis://a:1,b,[::1]:3',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
          { host: '::1', port: 3 },
        ],
        db: 0,
        tls: false,
      },
    ],
    [
      'redis://me:p%40ss:word@a',
      { hosts: [{ host: 'a', port: 6379 }], username: 'me', password: 'p@ss:word', db: 0, tls: false },
    ],
    ['redis://:pass@a/', { hosts: [{ host: 'a', port: 6379 }], password: 'pass', db: 0, tls: false }],
  ])('%s', (url, address) => expect(parseRedisUrl(url)).toEqual(address));

  test.each(['', 'a:1', 'http://a', 'redis://', 'redis://a:0', 'redis://a:65536', 'redis://a,,b', 'redis://a/x'])(
    '%j is none',
    (url) => expect(() => parseRedisUrl(url)).toThrow('must be redis://'),
  );
});

test('every fault is listed, and none repeats what may be a password', () => {
  const reader = new ConfigReader({
    CHASQUI_REDIS_URL: 'redis://me:secret@',
    CHASQUI_REDIS_PREFIX: 'a{b}',
    CHASQUI_REDIS_MODE: 'swarm',
    CHASQUI_REDIS_TIMEOUT_MS: '1',
  });
  readRedisConfig(reader);
  const message = (() => {
    try {
      return String(reader.finish({}));
    } catch (error) {
      return (error as Error).message;
    }
  })();
  for (const name of ['URL', 'PREFIX', 'MODE', 'TIMEOUT_MS'])
    expect(message).toContain(`CHASQUI_REDIS_${name} must be`);
  expect(message).not.toContain('secret');
});
