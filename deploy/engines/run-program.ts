import { spawn } from 'node:child_process';
import { defined } from '@chasqui/domain';
import type { Say } from './folders.ts';
import { reported } from './progress.ts';

export interface ProgramOptions {
  /** The purpose, for progress lines and errors: "fetching …". */
  doing: string;
  say: Say;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** Timeout in milliseconds, after which it is killed. Default: 15 minutes. */
  deadlineMs?: number;
}

/** Characters of the output that are kept: enough for the tail in an error message. */
const KEPT_OUTPUT = 64_000;

/** Runs a program until it ends and returns the tail of its output. Errors: with its last lines, when it fails. */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  return reported(options.say, options.doing, () => ended(command, args, options));
}

function ended(command: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...defined({ cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.deadlineMs ?? 15 * 60_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const keep = (piece: Buffer) => {
      output = (output + piece.toString()).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(new Error(`${options.doing} failed: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${options.doing} failed (${signal ?? `exit code ${code}`}):\n${lastLines(output)}`));
    });
  });
}

/** The last lines of a log or an output, indented, without empty ones. */
export function lastLines(text: string, count = 15): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
