import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Ground, LocalEngine } from './engine.ts';

const PORT = 16379;

const configPath = (ground: Ground) => join(ground.config, 'redis.conf');

/** Presence, node leases and caches. */
export const redis: LocalEngine = {
  name: 'redis',
  title: 'Redis (Debian)',
  debianPackages: ['redis-server'],
  commands: { 'redis-server': 'Redis 6.2 or later' },
  async prepare(ground) {
    writeFileSync(configPath(ground), settingsOf(ground));
  },
  processes: (ground) => [{ name: 'redis', command: 'redis-server', args: [configPath(ground)], cwd: ground.data }],
  ready: () => answersPing(PORT),
  settings: { CHASQUI_REDIS_MODE: 'standalone', CHASQUI_REDIS_URL: `redis://127.0.0.1:${PORT}` },
};

/**
 * A full Redis evicts the keys with the shortest remaining TTL (`volatile-ttl`): hints and caches, which may be lost,
 * before presence, without which a connected user looks offline. A crash loses at most the last second of writes.
 */
function settingsOf(ground: Ground): string {
  return `${[
    'bind 127.0.0.1',
    `port ${PORT}`,
    'daemonize no',
    `dir "${ground.data}"`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory 512mb',
    'maxmemory-policy volatile-ttl',
  ].join('\n')}\n`;
}

/** Whether it answers a PING; while it loads its data it answers with an error. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')));
  });
}
