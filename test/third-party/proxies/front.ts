import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { freePorts } from '../../cluster/free-ports.ts';

const START_MS = 20_000;
const ATTEMPT_MS = 50;

/** A proxy in front of a server. */
export interface Front extends AsyncDisposable {
  /** Where clients reach the server, with a slash at its end. */
  origin: string;
  /** The certificate of the authority that vouches for the proxy. */
  ca?: Buffer;
}

export interface ProxyProgram {
  /** Debian's package, which has the program at `path`. */
  name: string;
  path: string;
  args: readonly string[];
  env?: { [name: string]: string };
  /** Its configuration, by file name. */
  files: { [name: string]: string };
  /** It is ready only when it has made its certificate, a moment after it listens. */
  tls?: true;
}

/** Runs a program that listens on `port`, in a folder of its own. Errors: names the package without the program. */
export async function runProxy(folder: string, port: number, program: ProxyProgram): Promise<AsyncDisposable> {
  const { name, path, args, env, files, tls = false } = program;
  if (!existsSync(path)) throw new Error(`${path} is missing: apt-get install ${name}`);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const child = spawn(path, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => (said = (said + piece).slice(-4_000)));
  const ready = () =>
    tls ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port, '127.0.0.1');
  await untilConnected(child, ready, tls ? 'secureConnect' : 'connect', () => `${name}: ${said}`);
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function untilConnected(
  child: ChildProcess,
  open: () => Socket,
  event: 'connect' | 'secureConnect',
  why: () => string,
): Promise<void> {
  for (const end = performance.now() + START_MS; ; await new Promise((resolve) => setTimeout(resolve, ATTEMPT_MS))) {
    const socket = open();
    const answered = await once(socket, event).then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answered) return;
    if (child.exitCode !== null) throw new Error(why());
    if (performance.now() > end) throw new Error(`does not listen within ${START_MS} ms: ${why()}`);
  }
}

/** A text with replacements, each of which must be possible: what is tried is what the sample says. */
export function edited(text: string, replacements: readonly (readonly [string, string])[]): string {
  let result = text;
  for (const [from, to] of replacements) {
    if (!result.includes(from)) throw new Error(`the sample has no "${from}"`);
    result = result.replaceAll(from, to);
  }
  return result;
}

/** A new folder and a free port for a proxy; `open` starts it there. */
export async function inFolder(
  open: (folder: string, port: number) => Promise<{ running: AsyncDisposable; origin: string; caFile?: string }>,
): Promise<Front> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-proxy-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const { running, origin, caFile } = await open(folder, port);
  stack.use(running);
  const ca = caFile === undefined ? {} : { ca: await readFile(caFile) };
  const owned = stack.move();
  return { origin, ...ca, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
