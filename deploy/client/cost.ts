import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import type { PackedModule } from './bundle.ts';
import type { Entry } from './entries.ts';

/**
 * What an application pays for these of the packed library, minified by Vite: its code, whose gzipped size counts. `used`:
 * the name that it uses of each entry point.
 */
async function appCode(modules: readonly PackedModule[], used: { [entry in Entry]?: string }): Promise<string> {
  const imports = Object.entries(used).map(([entry, name]) => `import { ${name} } from './${entry}.js';`);
  const page = `${imports.join('\n')} globalThis.used = [${Object.values(used).join()}];`;
  const files: { [id: string]: string } = Object.fromEntries(modules.map(({ name, code }) => [`${name}.js`, code]));
  files.page = page;
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
  if (output.length !== 1) throw new Error('the application has more than one module');
  return output[0].code;
}

/** Gzipped bytes. */
export async function appCost(modules: readonly PackedModule[], used: { [entry in Entry]?: string }): Promise<number> {
  return gzipSync(await appCode(modules, used), { level: 9 }).length;
}
