import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Ports that were free just now: for processes that must restart on the same port. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

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
