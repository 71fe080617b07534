import { chmodSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { type Clock, ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { EmbeddedEngines } from '../open-engines.ts';
import { ServedConnection } from './served-connection.ts';

/** The kernel's bound for the path of a socket (`sun_path`): 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_PATH = 103;
const TOO_LONG = `(a socket's path has at most ${MAX_SOCKET_PATH} bytes: set CHASQUI_ENGINE_SOCKET to a shorter one, outside the data folder)`;

export interface ServeOptions {
  /** The path of the socket; at most about 100 bytes. Only this user's processes may connect. */
  path: string;
  clock: Clock;
  logger: Logger;
}

/** Whether a process listens there. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Serves the engines to other processes of this machine over a local socket until disposal. The socket file of a killed
 * process is replaced. Errors: `config_invalid` when the path cannot be used.
 */
export async function serveEmbeddedEngines(engines: EmbeddedEngines, options: ServeOptions): Promise<AsyncDisposable> {
  const { path, clock, logger } = options;
  if (await answers(path))
    throw new ImError('config_invalid', `another process already serves engines on ${path}`, { field: 'path' });
  try {
    unlinkSync(path);
  } catch {
    // The file did not exist.
  }
  const connections = new Set<ServedConnection>();
  const server = createServer((socket) => {
    connections.add(new ServedConnection(socket, engines, clock, (connection) => connections.delete(connection)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const hint = Buffer.byteLength(path) > MAX_SOCKET_PATH ? ` ${TOO_LONG}` : '';
      reject(
        new ImError('config_invalid', `cannot listen on ${path}: ${error.message}${hint}`, { field: 'path' }, error),
      );
    });
    // The umask closes the socket to other users from its creation on, not only after the chmod.
    const umask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(umask);
  });
  chmodSync(path, 0o600);
  logger.info({ path }, 'serving the engines');
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection[Symbol.dispose]();
      await closed;
    },
  };
}
