import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const files = globSync('{apps,libs}/**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => path.endsWith('node_modules') || path.endsWith('dist'),
});
const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const isHelper = (path: string) => /^(?:apps|libs(?:\/adapters)?)\/[^/]+\/src\/testing\//.test(path);
/** Contract suites are test code as a whole. */
const production = files.filter((path) => !isTest(path) && !isHelper(path) && !path.startsWith('libs/contracts/'));

/** Whether a test is beside a file whose name is a prefix of the test's, or the test is named after its folder. */
function hasPlace(path: string, exists = (file: string) => existsSync(join(root, file))): boolean {
  const folder = dirname(path);
  const [name = ''] = basename(path).split('.');
  return name === basename(folder) || ['ts', 'tsx'].some((end) => exists(`${folder}/${name}.${end}`));
}

const TEST_CODE = /['"]((?:[^'"\s]*\/)?testing\/[^'"\s]+|@chasqui\/contracts|vitest(?:\/[^'"]+)?|fast-check)['"]/g;
/** The imports of test-only code. */
const testCodeIn = (source: string) => [...source.matchAll(TEST_CODE)].map(([, name]) => name);

test('a test stands beside the file that it tests, or has the name of the folder that it tests', () => {
  const tests = files.filter(isTest);
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter((path) => !hasPlace(path) || isHelper(path))).toEqual([]);

  const exists = (file: string) => file === 'src/b/c.ts';
  const [right, wrong] = [
    ['b/c', 'b/c.real', 'b/c.d', 'b/b'],
    ['b/d', 'c', 'b/test/c'],
  ];
  expect(right.filter((name) => !hasPlace(`src/${name}.test.ts`, exists))).toEqual([]);
  expect(wrong.filter((name) => hasPlace(`src/${name}.test.ts`, exists))).toEqual([]);
});

test('what only tests use is in src/testing', () => {
  const named = production.flatMap((path) =>
    [...read(path).matchAll(/['"](\.{1,2}\/[^'"]+\.tsx?)['"]/g)].map(([, name = '']) => join(dirname(path), name)),
  );
  const exported = globSync('{apps,libs,libs/adapters}/*/package.json', { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/"(\.\/[^"]+\.tsx?)"/g)].map(([, name = '']) => join(dirname(path), name)),
  );
  const used = new Set([...named, ...exported]);
  const startedByName = /\/src\/main\.tsx?$|\/vite\.config\.ts$|\.d\.ts$/;
  expect(production.filter((path) => !used.has(path) && !startedByName.test(path))).toEqual([]);
  expect(exported.filter((path) => isHelper(path))).toEqual([]);
});

test('production code imports no test helper, no contract suite and no test tool', () => {
  expect(production.length).toBeGreaterThan(500);
  const found = production.flatMap((path) => testCodeIn(read(path)).map((name) => `${path}: ${name}`));
  expect(found).toEqual([]);

  const imports = ["from './testing/a.ts'", "import('../../testing/b.ts')", "from '@chasqui/contracts'", "'vitest'"];
  expect(testCodeIn(imports.join(';\n'))).toHaveLength(imports.length);
});
