import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Say } from './folders.ts';

/**
 * Waits until no other process of this machine holds the lock `name`, then holds it until disposed. The lock is an
 * abstract socket (Linux): the kernel frees it when its process ends, so a killed process leaves no stale lock.
 */
export async function holdLock(name: string, say: Say): Promise<AsyncDisposable> {
  for (let told = false; ; await wait(200)) {
    const lock = await tryLock(name);
    if (lock !== null) return lock;
    if (!told) say(`another process is at it (${name}): waiting for it`);
    told = true;
  }
}

function tryLock(name: string): Promise<AsyncDisposable | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(`\0chasqui-engines-${name}`, () => {
      server.unref();
      resolve({ [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
