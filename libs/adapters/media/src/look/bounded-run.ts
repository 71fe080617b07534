import { spawn } from 'node:child_process';
import type { Sandbox } from './sandbox.ts';

export interface RunBounds {
  sandbox: Sandbox;
  timeoutMs: number;
  memoryBytes: number;
  cpuS: number;
}

/**
 * Runs a program to its end, and hands on what it prints. Errors: it could not be started, took too long, or did not end
 * well; those of `take`.
 */
export async function runBounded(
  command: readonly string[],
  { sandbox, timeoutMs, ...bounds }: RunBounds,
  take: (bytes: Buffer) => void,
): Promise<void> {
  const [program, args] = sandbox.command(command, bounds);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, args, { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  let failure = `it took more than ${timeoutMs} ms`;
  const end = (reason: string) => {
    failure = reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  child.stdout.on('data', (bytes: Buffer) => {
    try {
      take(bytes);
    } catch (error) {
      end(String(error));
    }
  });
  child.once('error', reject);
  child.once('close', (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(signal === null ? `it ended with ${code}` : failure));
  });
  await promise.finally(() => clearTimeout(timer));
}

/** The same, for all that it prints, at most `maxBytes`. */
export async function outputOf(command: readonly string[], bounds: RunBounds, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  await runBounded(command, bounds, (piece) => {
    bytes += piece.length;
    if (bytes > maxBytes) throw new Error(`it printed more than ${maxBytes} bytes`);
    pieces.push(piece);
  });
  return Buffer.concat(pieces);
}
