import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePackage } from '../../../deploy/client/package.ts';

const execute = promisify(execFile);

/** A folder outside the repository, in which applications install the packed library as any other package. */
export interface Consumer extends AsyncDisposable {
  folder: string;
  /** The packed library. */
  tarball: string;
}

export async function openConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-consumer-'));
  const built = join(folder, 'built');
  await writePackage(built);
  const packed = await run('npm', ['pack', built, '--json'], folder);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return {
    folder,
    tarball: join(folder, filename),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A new application with these packages, of which the library is one. */
export async function application(consumer: Consumer, name: string, packages: string[]): Promise<string> {
  const folder = join(consumer.folder, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', private: true }));
  await install(folder, [consumer.tarball, ...packages]);
  return folder;
}

async function install(folder: string, packages: string[]): Promise<void> {
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], folder);
}

/** Runs a program to its end; resolves to its standard output. Rejects, with all output, when its exit code is not 0. */
export async function run(program: string, args: string[], cwd: string): Promise<string> {
  try {
    // The tests' own NODE_ENV is none that an application would have.
    const env = { ...process.env, NODE_ENV: undefined };
    const { stdout } = await execute(program, args, { cwd, env, maxBuffer: 2 ** 24, timeout: 240_000 });
    return stdout;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  }
}
