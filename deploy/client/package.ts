import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { writeTypes } from './types.ts';

const root = join(import.meta.dirname, '../..');
const library = join(root, 'libs/client');

/**
 * Makes the package that applications install: one module with domain and protocol inside, its types and its source map,
 * without dependencies. `npm pack` or `npm publish` takes the folder as it is.
 */
export async function writePackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeTypes(join(folder, 'index.d.ts'));
  const { code, map } = await bundle();
  writeFileSync(join(folder, 'index.js'), `${code}//# sourceMappingURL=index.js.map\n`);
  writeFileSync(join(folder, 'index.js.map'), map);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  for (const file of ['README.md', 'CHANGELOG.md']) copyFileSync(join(library, file), join(folder, file));
  // Last, so that a build that was interrupted is not taken for a package.
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** The workspace's package.json without what concerns the workspace, and with the built module in place of the sources. */
function manifest(): object {
  const {
    private: _,
    dependencies,
    exports,
    ...rest
  } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  return {
    ...rest,
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
  };
}
