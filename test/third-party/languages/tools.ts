import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../../.cache');

/** What application developers use on the two documents, at versions that are known to work. */
const TOOLS = ['@asyncapi/parser@3.6.6', '@redocly/cli@2.77.0', 'openapi-typescript@7.13.0', 'openapi-fetch@0.17.0'];

const PYTHON_GENERATOR = 'openapi-python-client==0.29.1';

/** Installs the tools once in a folder of the cache, and resolves to that folder. They are no packages of the project. */
export async function installTools(): Promise<string> {
  const folder = join(CACHE, `language-tools-${TOOLS.join('+').replaceAll(/[^a-z0-9.@+-]/g, '_')}`);
  const done = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(done)) return folder;
  await mkdir(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...TOOLS];
  await run('npm', args, { cwd: folder, timeout: 300_000 });
  return folder;
}

/** The same for what generates clients in Python. */
export async function installPythonGenerator(): Promise<string> {
  const folder = join(CACHE, `language-tools-${PYTHON_GENERATOR}`);
  if (existsSync(join(folder, 'openapi_python_client'))) return folder;
  const args = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--root-user-action=ignore'];
  await run('python3', [...args, '--target', folder, PYTHON_GENERATOR], { timeout: 300_000 });
  return folder;
}

/** Runs a program to its end; resolves to what it printed. Rejects, with its output, when its exit code is not 0. */
export async function runTool(program: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }) {
  const { stdout, stderr } = await run(program, args, { maxBuffer: 2 ** 24, timeout: 240_000, ...options }).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`, { cause: error });
    },
  );
  return `${stdout}${stderr}`;
}
