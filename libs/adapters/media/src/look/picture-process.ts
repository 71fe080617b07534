import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@chasqui/kit';
import type { AnySize, PictureJob } from './picture-job.ts';
import type { Sandbox } from './sandbox.ts';

export interface PictureProcessOptions {
  sandbox: Sandbox;
  logger: Logger;
  /** Bytes of memory that the process can write to; Node reserves half a gigabyte of it. */
  memoryBytes: number;
  /** A job that takes longer ends with its process. */
  timeoutMs: number;
  /** After so many jobs the process is replaced, whatever it has kept. */
  maxJobs: number;
  /** A process without a job ends after this. */
  idleMs: number;
}

/** What a process may answer in a line. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** The process that decodes pictures: started with the first job, one job at a time. */
export class PictureProcess implements AsyncDisposable {
  readonly #options: PictureProcessOptions;
  #child: ChildProcess | null = null;
  #jobs = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: PictureProcessOptions) {
    this.#options = options;
  }

  /** The answer's line. Errors: the process ended, or had to be ended. */
  async run(job: PictureJob<AnySize>): Promise<string> {
    clearTimeout(this.#idle);
    this.#child ??= this.#start();
    const child = this.#child;
    try {
      return await answerOf(child, `${JSON.stringify(job)}\n`, this.#options.timeoutMs);
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      if (++this.#jobs >= this.#options.maxJobs) this.#end();
      this.#idle = setTimeout(() => this.#end(), this.#options.idleMs).unref();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    this.#end();
  }

  #end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#jobs = 0;
  }

  #start(): ChildProcess {
    const { sandbox, logger, memoryBytes } = this.#options;
    const program = fileURLToPath(new URL('./picture-worker.ts', import.meta.url));
    const readable = [import.meta.dirname, ...packageFolders()].map((path) => `--allow-fs-read=${path}`);
    const flags = ['--permission', '--allow-addons', '--no-warnings', '--max-old-space-size=64', ...readable];
    const [command, args] = sandbox.command([process.execPath, ...flags, program], { memoryBytes });
    // No environment: it has the secrets of this process.
    const child = spawn(command, args, { env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
    child.on('error', (error) => logger.warn({ err: error }, 'the picture process could not be started'));
    child.stdin.on('error', () => {});
    child.stderr.on('data', (text: Buffer) => logger.warn({ text: text.toString('utf8', 0, 500) }, 'picture process'));
    // It may end between two jobs.
    child.once('exit', () => {
      if (this.#child === child) this.#end();
    });
    child.unref();
    return child;
  }
}

/** Where the packages are that the process loads. */
function packageFolders(): string[] {
  const folders = ['sharp', 'thumbhash'].map((name) => fileURLToPath(import.meta.resolve(name)));
  return [...new Set(folders.map((path) => join(path.slice(0, path.lastIndexOf('node_modules')), 'node_modules/*')))];
}

/** Whether the packages are there, for this platform too; says what is missing. */
export function missingPackage(): string | null {
  try {
    const folder = dirname(fileURLToPath(import.meta.resolve('sharp')));
    const modules = folder.slice(0, folder.lastIndexOf('node_modules') + 'node_modules'.length);
    const platforms = [`${process.platform}-${process.arch}`, `${process.platform}musl-${process.arch}`];
    const isThere = platforms.some((platform) => existsSync(join(modules, '@img', `sharp-${platform}`)));
    return isThere ? null : `@img/sharp-${platforms[0]}`;
  } catch {
    return 'sharp';
  }
}

function answerOf(child: ChildProcess, line: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => done(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    const done = (outcome: string | Error) => {
      clearTimeout(timer);
      child.stdout?.removeListener('data', read);
      child.removeListener('exit', ended);
      child.removeListener('error', done);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const read = (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.length > MAX_ANSWER) done(new Error('the answer is too long'));
      else if (text.endsWith('\n')) done(text);
    };
    const ended = (code: number | null, signal: string | null) => done(new Error(`it ended: ${signal ?? code}`));
    child.stdout?.on('data', read);
    child.once('exit', ended);
    child.once('error', done);
    child.stdin?.write(line);
  });
}
