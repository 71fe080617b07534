import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ClusterProcesses, NODE_FLAGS } from '@chasqui/app-cli/processes';
import { expect, test } from 'vitest';
import { DEPLOY, textOf } from './files.ts';

const apps = globSync('apps/*/src/main.ts', { cwd: join(DEPLOY, '..') })
  .map((path) => basename(dirname(dirname(path))))
  .filter((app) => app !== 'cli');
const scripts: { [name: string]: string } = JSON.parse(textOf('../package.json')).scripts;

/** What stands between `node` and the app's main.ts. */
function flagsFor(app: string, command: string): string[] | undefined {
  return new RegExp(`\\bnode (.*)apps/${app}/src/main\\.ts`).exec(command)?.[1]?.trim().split(' ').filter(Boolean);
}

test.each(apps)('%s has the same flags of Node from npm and in its image as in a cluster', (app) => {
  const commands = textOf('images/Dockerfile').matchAll(/^CMD \[(.*)\]$/gm);
  const inImage = [...commands].map(([, words = '']) => words.replaceAll(/[",]+/g, ' ').replaceAll(/ +/g, ' '));
  const flags = NODE_FLAGS[app] ?? [];
  expect(flagsFor(app, scripts[`start:${app}`] ?? '')).toEqual(flags);
  expect(inImage.map((command) => flagsFor(app, command)).filter((found) => found !== undefined)).toEqual([flags]);
});

test.runIf(process.platform === 'linux')('a cluster starts its processes with them', async () => {
  const logDir = await mkdtemp(join(tmpdir(), 'chasqui-flags-'));
  const one = { name: 'one', app: 'business', readyUrl: null, env: { CHASQUI_DATA_DIR: logDir } };
  {
    await using processes = new ClusterProcesses({ processes: [one], env: {}, logDir });
    processes.run('one');
    const [, ...words] = readFileSync(`/proc/${processes.pidOf('one')}/cmdline`, 'utf8').split('\0');
    expect(words.slice(0, -2)).toEqual(NODE_FLAGS.business);
  }
  await rm(logDir, { recursive: true });
});

/** With everything in one process the flags are others: sockets and stores share it. */
test('npm start, the image of everything and the unit of systemd have the same flags', () => {
  const flags = flagsFor('cli', scripts.start ?? '');
  expect(flags?.length).toBeGreaterThan(0);
  const words = (flags ?? []).join(' ');
  expect(textOf('one/chasqui.service')).toContain(`/node ${words} apps/cli/src/main.ts up`);
  expect(textOf('images/Dockerfile')).toContain(
    `CMD ${JSON.stringify(['node', ...(flags ?? []), 'apps/cli/src/main.ts', 'up']).replaceAll(',', ', ')}`,
  );
});

test('docs/operations.md names every flag', () => {
  const flags = [...Object.values(NODE_FLAGS).flat(), ...(flagsFor('cli', scripts.start ?? '') ?? [])];
  const page = textOf('../docs/operations.md');
  expect(flags.filter((flag) => !page.includes(`\`${flag}\``))).toEqual([]);
});
