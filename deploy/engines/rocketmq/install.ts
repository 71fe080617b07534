import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Say } from '../folders.ts';
import { runMaven } from '../maven.ts';
import { runProgram } from '../run-program.ts';

/** The version that pom.xml beside this file pins. */
export const VERSION = '5.5.0';

const SOURCES = ['LoopbackProxy.java', 'NoReplicas.java'].map((name) => join(import.meta.dirname, 'chasqui', name));
/** The place where RocketMQ looks for the replication class. */
const REPLICATION = 'META-INF/service/org.apache.rocketmq.store.ha.HAService';

/**
 * The folders of the downloaded libraries and of our compiled classes, which are recompiled when their source changes.
 */
export function programOf(programs: string) {
  const hash = createHash('sha256');
  for (const path of SOURCES) hash.update(readFileSync(path));
  return { libraries: join(programs, VERSION), classes: join(programs, `classes-${hash.digest('hex').slice(0, 12)}`) };
}

/** Downloads and compiles what is missing. */
export async function install(programs: string, say: Say): Promise<void> {
  const { libraries, classes } = programOf(programs);
  await whole(libraries, async (target) => {
    const pom = join(import.meta.dirname, 'pom.xml');
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${target}`];
    await runMaven(['--file', pom, ...goal], { doing: `fetching RocketMQ ${VERSION} (102 MB)`, say });
  });
  await whole(classes, async (target) => {
    const args = ['-nowarn', '-d', target, '-classpath', join(libraries, '*'), ...SOURCES];
    await runProgram('javac', args, { doing: 'compiling its launcher', say });
    mkdirSync(dirname(join(target, REPLICATION)), { recursive: true });
    writeFileSync(join(target, REPLICATION), 'chasqui.NoReplicas\n');
  });
}

/** Makes a folder and renames it in one step at the end: an interrupted attempt is repeated. */
async function whole(folder: string, make: (partial: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  await make(partial);
  renameSync(partial, folder);
}
