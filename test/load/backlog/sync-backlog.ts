import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchNodes } from '@chasqui/app-cli/load';
import { systemClock } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';
import { residentMb } from '../measured.ts';
import { ServerProcess } from '../server-process.ts';
import { fillInbox } from './fill-inbox.ts';

const ROOT = join(import.meta.dirname, '../../..');
const JWT_SECRET = 'a secret of the backlog bench, which listens on loopback';
const RECEIVER = 'receiver';
/** A device that is not caught up by then is killed. */
const READ_MS = 280_000;

/** The device's findings. Times are measured from its start. */
export interface Reading {
  shown: number;
  /** Messages that were not the next one of their sender. */
  wrong: number;
  firstMs: number;
  caughtUpMs: number;
  /** Live memory after a garbage collection, after each tenth of the messages. */
  heapMb: number[];
  /** The maximum. */
  residentMb: number;
}

export interface BacklogResult {
  reading: Reading;
  filledMs: number;
  server: { beforeMb: number; mostMb: number };
}

export interface BacklogOptions {
  messages: number;
  senders: number;
  characters: number;
  /** Old-generation limit of the device's process and of each thread of the server: a process that exceeds it ends. */
  heapLimitMb: { client: number; server: number };
}

/** Fills an inbox, starts the whole server on it, and lets one device sync all of it. Errors: a process that ended. */
export async function syncBacklog({ heapLimitMb, ...size }: BacklogOptions): Promise<BacklogResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-backlog-'));
  try {
    const start = performance.now();
    await fillInbox({ dataDir, receiver: RECEIVER, ...size });
    const filledMs = performance.now() - start;
    await using server = await ServerProcess.start({
      args: [join(ROOT, 'apps/cli/src/main.ts'), 'up', '--port', '0', '--data', dataDir],
      nodeFlags: [`--max-old-space-size=${heapLimitMb.server}`],
      env: { CHASQUI_JWT_SECRET: JWT_SECRET, CHASQUI_LOG_LEVEL: 'error' },
      ready: /Page and API\s+(\S+)\s[\s\S]*Stop with/,
    });
    const beforeMb = residentMb(server);
    let mostMb = beforeMb;
    const watch = setInterval(() => {
      mostMb = Math.max(mostMb, residentMb(server));
    }, 100);
    try {
      const reading = await read(server.where, size, heapLimitMb.client);
      return { reading, filledMs, server: { beforeMb, mostMb } };
    } finally {
      clearInterval(watch);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function read(api: string, size: Pick<BacklogOptions, 'messages' | 'senders'>, heapMb: number): Promise<Reading> {
  const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 7200, refreshTtlS: 7200 });
  const { accessToken } = await issuer.issue(RECEIVER);
  const [node = ''] = await fetchNodes(api);
  const args = [join(import.meta.dirname, 'reader.ts'), node, String(size.messages), String(size.senders)];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', `--max-old-space-size=${heapMb}`, ...args],
    { env: { ...process.env, CHASQUI_TOKEN: accessToken }, timeout: READ_MS },
  );
  return JSON.parse(stdout) as Reading;
}
