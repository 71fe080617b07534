import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import chasqui from '../../package.json' with { type: 'json' };
import { DEPLOY, textOf } from './files.ts';
import { variablesRead } from './readers.ts';

const dockerfile = textOf('images/Dockerfile').replaceAll(/\\\n\s*/g, '');
const stages = new Map(
  dockerfile
    .split(/^FROM /m)
    .slice(1)
    .map((text) => [/ AS (\S+)/.exec(text)?.[1] ?? '', text] as const),
);
const root = join(DEPLOY, '..');
const apps = globSync('apps/*/src/main.ts', { cwd: root }).map((path) => basename(dirname(dirname(path))));

test('every app has a stage that runs its main.ts, and says how to tell that it is well', () => {
  expect(apps.length).toBeGreaterThan(5);
  for (const app of apps) {
    const stage = stages.get(app === 'cli' ? 'chasqui' : app);
    expect(stage, app).toMatch(/^(?:runtime|media) AS /);
    expect(stage, app).toMatch(new RegExp(`\\["node", .*"apps/${app}/src/main\\.ts"\\]$`, 'm'));
    if (app !== 'cli') expect(stage, app).toContain('HEALTHCHECK');
  }
});

/** Packages that nothing in production needs. */
const FOR_TESTS = ['@chasqui/contracts', 'vitest', 'fast-check'];

test('no image contains contract suites, test helpers or test tools', () => {
  const left = textOf('images/Dockerfile.dockerignore').split('\n');
  expect(left).toEqual(expect.arrayContaining(['**/*.test.ts', '**/testing', 'libs/contracts']));
  expect(stages.get('run-packages')).toContain('npm prune --omit=dev');
  expect(stages.get('runtime')).not.toMatch(/--from=(?!run-packages)/);

  const manifests = globSync('{apps/*,libs/*,libs/adapters/*}/package.json', { cwd: root });
  expect(manifests.length).toBeGreaterThan(20);
  const needed = manifests.flatMap((path) => {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = JSON.parse(textOf(`../${path}`));
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return names.filter((name) => FOR_TESTS.includes(name)).map((name) => `${path}: ${name}`);
  });
  expect(needed).toEqual([]);

  // Third-party packages do not bring them either: npm marks packages that only development needs. Links to workspaces
  // have no such mark.
  const { packages } = JSON.parse(textOf('../package-lock.json'));
  const unmarked = Object.entries<{ link?: true; dev?: true }>(packages).filter(
    ([path, { link, dev }]) => FOR_TESTS.some((name) => path.endsWith(`node_modules/${name}`)) && !link && !dev,
  );
  expect(unmarked).toEqual([]);
});

test('nothing runs as root, and SIGTERM ends it (C14)', () => {
  const runtime = stages.get('runtime') ?? '';
  expect(runtime).toMatch(/^USER 10001:10001$/m);
  expect(runtime).toMatch(/^STOPSIGNAL SIGTERM$/m);
  expect(runtime).toMatch(/^debian:trixie/);
});

test('what takes files of messages has ffmpeg, and the sandbox in which it runs', () => {
  const media = stages.get('media') ?? '';
  expect(media).toMatch(/^runtime AS media$/m);
  expect(media).toMatch(/^ARG MEDIA=ffmpeg$/m);
  expect(media).toMatch(/apt-get install --yes --no-install-recommends util-linux \$MEDIA/);
  expect([...media.matchAll(/^USER (\S+)$/gm)].map(([, user]) => user)).toEqual(['root', '10001:10001']);
  for (const app of ['api', 'all']) expect(stages.get(app), app).toMatch(/^media AS /);
});

test('a health check asks the port on which its app answers by default', () => {
  for (const [app, variable] of [
    ['connect', 'CHASQUI_CONNECT_PORT'],
    ['business', 'CHASQUI_BUSINESS_STATUS_PORT'],
    ['datasync', 'CHASQUI_DATASYNC_STATUS_PORT'],
    ['push', 'CHASQUI_PUSH_STATUS_PORT'],
    ['hooks', 'CHASQUI_HOOKS_STATUS_PORT'],
    ['api', 'CHASQUI_PORT'],
  ] as const) {
    const port = /healthy\.mjs", "(\d+)"/.exec(stages.get(app) ?? '')?.[1] ?? '';
    expect(stages.get(app), app).toContain(`EXPOSE ${port}`);
    // Named right, and the same as without it.
    expect(variablesRead(app, { [variable]: port }).has(variable), app).toBe(true);
    expect(textOf('../docs/configuration.md'), app).toContain(`| \`${variable}\` | ${port} |`);
  }
});

test('what is copied is there, and not shut out', () => {
  const ignored = textOf('images/Dockerfile.dockerignore');
  for (const [, from, paths = ''] of dockerfile.matchAll(/^COPY (--from=\S+ )?(.+) \S+$/gm)) {
    if (from !== undefined) continue;
    for (const path of paths.split(' ')) {
      expect(existsSync(join(root, path)), path).toBe(true);
      const admitted = ignored.split('\n').some((line) => line.startsWith('!') && path.startsWith(line.slice(1)));
      expect(admitted, path).toBe(true);
    }
  }
});

test('images are built by the documents with the tag that the manifests name', () => {
  const pages = globSync('{README.md,docs/*.md,deploy/**/*.md}', { cwd: root });
  const tags = pages.flatMap((page) => textOf(join('..', page)).match(/(?<=--tag )\S+/g) ?? []);
  expect(tags.length).toBeGreaterThan(1);
  for (const tag of tags) expect(tag).toMatch(new RegExp(`^chasqui/\\w+:${chasqui.version}$`));
});
