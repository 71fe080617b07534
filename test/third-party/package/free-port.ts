import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that is free with those at these distances from it: `npm start` listens on them too. */
export async function freePort(distances: readonly number[]): Promise<number> {
  for (;;) {
    // Below the range from which the machine gives ports away.
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all([0, ...distances].map((distance) => isFree(port + distance)));
    if (!free.includes(false)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
