import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { bundle } from '../../deploy/client/bundle.ts';
import type { Entry } from '../../deploy/client/entries.ts';

const modules: { [id: string]: string } = {};
beforeAll(async () => {
  for (const { name, code } of await bundle()) modules[`${name}.js`] = code;
}, 60_000);

/** What an application pays that uses these of the packed library, built by Vite: gzipped bytes. */
async function costOf(names: { [entry in Entry]?: string }): Promise<number> {
  const imports = Object.entries(names).map(([entry, name]) => `import { ${name} } from './${entry}.js';`);
  const page = `${imports.join('\n')} globalThis.used = [${Object.values(names).join()}];`;
  const files: { [id: string]: string } = { ...modules, page };
  const nameOf = (id: string) => id.replace(/^\.\//, '');
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'packed',
        enforce: 'pre',
        resolveId: (id) => (nameOf(id) in files ? { id: `\0${nameOf(id)}`, moduleSideEffects: id === 'page' } : null),
        load: (id) => files[id.slice(1)] ?? null,
      },
    ],
    build: { write: false, modulePreload: false, rollupOptions: { input: 'page', external: ['node:sqlite'] } },
  });
  const [{ output }] = [result].flat() as Rollup.RollupOutput[] as [Rollup.RollupOutput];
  expect(output).toHaveLength(1);
  return gzipSync(output[0].code, { level: 9 }).length;
}

test('an application that uses the client library pays at most 15.2 kB for it, minified and gzipped', async () => {
  const cost = await costOf({ index: 'createClient' });
  // The whole library, not a piece that a bundler took for unused.
  expect(cost).toBeGreaterThan(10_000);
  expect(cost).toBeLessThanOrEqual(15_200);
}, 60_000);

test.each<[entry: Exclude<Entry, 'index'>, name: string, bytes: number]>([
  ['groups', 'groups', 5_100],
  ['states', 'states', 1_400],
  ['recalls', 'recalls', 375],
  ['actions', 'actions', 3_050],
  ['attachments', 'attachments', 2_675],
  ['attachments', 'pictures', 1_000],
  ['indexeddb', 'indexedDBStore', 3_150],
  ['sqlite', 'sqliteStore', 2_850],
  ['tabs', 'createSharedClient', 6_650],
])(
  'the entry point %s costs an application that uses %s at most %i bytes more',
  async (entry, name, bytes) => {
    const [base, whole] = [
      await costOf({ index: 'createClient' }),
      await costOf({ index: 'createClient', [entry]: name }),
    ];
    expect(whole - base).toBeGreaterThan(200);
    expect(whole - base).toBeLessThanOrEqual(bytes);
  },
  60_000,
);

test.each(['README.md', 'CHANGELOG.md'])('%s of the package links to nothing that is not in the package', (file) => {
  const text = readFileSync(join(import.meta.dirname, '../../libs/client', file), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#]*)/g)].map(([, target = '']) => target);
  const packed = ['README.md', 'CHANGELOG.md', 'LICENSE', ''];
  expect(targets.filter((target) => !/^https:/.test(target) && !packed.includes(target))).toEqual([]);
});
