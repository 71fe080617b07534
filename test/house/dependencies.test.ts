import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Manifest {
  name: string;
  dependencies?: { [name: string]: string };
  devDependencies?: { [name: string]: string };
}

const root = join(import.meta.dirname, '../..');
const readManifest = (path: string): Manifest => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
const builtins = new Set(builtinModules);

/** The packages that a source file imports: static and dynamic imports, re-exports, `import.meta.resolve`. */
function packagesNamedIn(source: string): string[] {
  const specifiers = [
    ...source.matchAll(/^\s*(?:import|export)\b[^;'"`]*?from\s*['"]([^'"]+)['"]/gm),
    ...source.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...source.matchAll(/\b(?:import|require|import\.meta\.resolve)\(\s*['"]([^'"]+)['"]/g),
  ].map((match) => match[1] ?? '');
  return specifiers
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtins.has(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

function declared({ name, dependencies, devDependencies }: Manifest): Set<string> {
  return new Set([name, ...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
}

/** Test tools belong to the root, for every workspace. */
const testTools = declared(readManifest('.'));
const workspaces = globSync('{apps/*,libs/*,libs/adapters/*}/package.json', { cwd: root }).map((path) => dirname(path));

describe('a workspace declares what it imports', () => {
  test.each(workspaces)('%s', (workspace) => {
    const own = declared(readManifest(workspace));
    const sources = globSync('src/**/*.{ts,tsx}', { cwd: join(root, workspace) });
    const missing = sources.flatMap((path) => {
      const isTest = path.includes('/testing/') || /\.test\.tsx?$/.test(path);
      return packagesNamedIn(readFileSync(join(root, workspace, path), 'utf8'))
        .filter((name) => !own.has(name) && !(isTest && testTools.has(name)))
        .map((name) => `${path}: ${name}`);
    });
    expect(missing).toEqual([]);
  });
});

test('every form of import is seen', () => {
  const source = [
    "import a from 'one';",
    "import {\n  type b,\n} from '@two/b/deep';",
    "import 'three/x';",
    "export * from 'four';",
    "const c = await import('five');",
    "import { d } from './own.ts';",
    "import { e } from 'node:fs';",
    "import { f } from 'fs/promises';",
  ].join('\n');
  expect(packagesNamedIn(source).sort()).toEqual(['@two/b', 'five', 'four', 'one', 'three']);
});
