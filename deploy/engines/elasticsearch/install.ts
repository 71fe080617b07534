import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Say } from '../folders.ts';
import { runMaven } from '../maven.ts';
import { runProgram } from '../run-program.ts';

export const VERSION = '8.19.21';
const SOURCES = ['LocalPlugin.java', 'RootAction.java'];
const DESCRIPTOR = 'plugin-descriptor.properties';

/** The folder that Elasticsearch uses as its home. */
export const programOf = (programs: string) => join(programs, `elasticsearch-${VERSION}`);

/** Downloads Elasticsearch and builds the plugin into it. Each step is skipped if it was done before. */
export async function install(programs: string, say: Say): Promise<void> {
  if (!existsSync(programOf(programs))) await fetchProgram(programs, say);
  await buildPlugin(programOf(programs), say);
}

async function fetchProgram(programs: string, say: Say): Promise<void> {
  // Has a temporary name until it is complete.
  const draft = join(programs, 'draft');
  rmSync(draft, { recursive: true, force: true });
  const where = [`-DoutputDirectory=${draft}`, `-DmarkersDirectory=${join(draft, 'markers')}`];
  await runMaven(['dependency:unpack-dependencies', '-DincludeTypes=zip', ...where], {
    doing: `fetching Elasticsearch ${VERSION} (107 MB)`,
    say,
    cwd: import.meta.dirname,
  });
  renameSync(programOf(draft), programOf(programs));
  rmSync(draft, { recursive: true });
}

async function buildPlugin(program: string, say: Say): Promise<void> {
  const sources = SOURCES.map((name) => join(import.meta.dirname, name));
  const descriptor = join(import.meta.dirname, DESCRIPTOR);
  const digest = digestOf([...sources, descriptor]);
  const plugin = join(program, 'plugins/chasqui-local');
  // Not in the plugins folder: Elasticsearch loads every file there.
  const built = join(program, 'chasqui-local.digest');
  if (existsSync(built) && readFileSync(built, 'utf8') === digest) return;
  rmSync(plugin, { recursive: true, force: true });
  mkdirSync(plugin);
  const classes = join(program, 'chasqui-local-classes');
  const doing = 'building its plugin';
  await runProgram('javac', ['--release', '17', '-cp', join(program, 'lib/*'), '-d', classes, ...sources], {
    doing,
    say,
  });
  await runProgram('jar', ['--create', '--file', join(plugin, 'plugin.jar'), '-C', classes, '.'], { doing, say });
  rmSync(classes, { recursive: true });
  copyFileSync(descriptor, join(plugin, DESCRIPTOR));
  writeFileSync(built, digest);
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex');
}
