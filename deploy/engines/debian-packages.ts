import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LocalEngine } from './engine.ts';
import type { Say } from './folders.ts';
import { holdLock } from './lock.ts';
import { runProgram } from './run-program.ts';

/** Debian installs servers in folders that are not in every user's path. */
const PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/**
 * Installs the Debian packages of engines that lack a command, in one apt call, if the machine has apt and we are root.
 * Errors: one message that names every command that is still missing.
 */
export async function provideCommands(engines: readonly LocalEngine[], say: Say): Promise<void> {
  if (missingCommands(engines).length > 0 && process.getuid?.() === 0 && hasCommand('apt-get')) {
    // Another process may have installed everything while this one waited for the lock.
    await using _lock = await holdLock('packages', say);
    const lacking = engines.filter((engine) => missingCommands([engine]).length > 0);
    const packages = [...new Set(lacking.flatMap((engine) => engine.debianPackages))].filter(
      (name) => !isInstalled(name),
    );
    if (packages.length > 0) await install(packages, say);
  }
  const missing = missingCommands(engines);
  if (missing.length > 0) throw new Error(missingText(missing));
}

export interface MissingCommand {
  engine: LocalEngine;
  command: string;
  remedy: string;
}

/** The error message for a machine that lacks commands: lists all of them at once. */
export function missingText(missing: readonly MissingCommand[]): string {
  const lines = missing.map(({ engine, command, remedy }) => `  ${command} (for ${engine.title}): ${remedy}`);
  const packages = [...new Set(missing.flatMap(({ engine }) => engine.debianPackages))];
  const debian =
    packages.length === 0 ? [] : ['On Debian or Ubuntu:', `  sudo apt-get install -y ${packages.join(' ')}`];
  return ['missing on this machine:', ...lines, ...debian].join('\n');
}

function missingCommands(engines: readonly LocalEngine[]): MissingCommand[] {
  return engines.flatMap((engine) =>
    Object.entries(engine.commands)
      .filter(([command]) => !hasCommand(command))
      .map(([command, remedy]) => ({ engine, command, remedy })),
  );
}

function hasCommand(command: string): boolean {
  return PATH.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isInstalled(name: string): boolean {
  try {
    const status = execFileSync('dpkg-query', ['--status', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return status.includes('\nStatus: install ok installed\n');
  } catch {
    return false;
  }
}

async function install(packages: readonly string[], say: Say): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  await runProgram('apt-get', [...patience, 'update'], { doing: 'reading the lists of packages', say, env });
  const args = [...patience, 'install', '--yes', '--no-install-recommends', ...packages];
  await runProgram('apt-get', args, { doing: `installing ${packages.join(', ')}`, say, env });
}
