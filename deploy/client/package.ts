import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, type PackedModule } from './bundle.ts';
import { ENTRIES, type Entry } from './entries.ts';
import { writeTypes } from './types.ts';

const root = join(import.meta.dirname, '../..');
const library = join(root, 'libs/client');

const entries = Object.keys(ENTRIES) as Entry[];

/**
 * Makes the package that applications install: a module for each entry point and one of what they share, with
 * domain and protocol inside, types and source maps, without dependencies. `npm pack` or `npm publish` takes the folder as it is. Returns the modules.
 */
export async function writePackage(folder: string): Promise<PackedModule[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeTypes(folder);
  const modules = await bundle();
  for (const { name, code, map } of modules) {
    writeFileSync(join(folder, `${name}.js`), code);
    writeFileSync(join(folder, `${name}.js.map`), map);
  }
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  for (const file of ['README.md', 'CHANGELOG.md']) copyFileSync(join(library, file), join(folder, file));
  // Last, so that a build that was interrupted is not taken for a package.
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  return modules;
}

/** The workspace's package.json without what concerns the workspace, and with the built modules in place of the sources. */
function manifest(): object {
  const {
    private: _,
    dependencies,
    exports,
    ...rest
  } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  return {
    ...rest,
    exports: { ...Object.fromEntries(entries.map(exported)), './package.json': './package.json' },
  };
}

function exported(entry: Entry): [string, object] {
  return [entry === 'index' ? '.' : `./${entry}`, { types: `./${entry}.d.ts`, default: `./${entry}.js` }];
}
