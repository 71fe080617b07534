import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRY = join(import.meta.dirname, '../../libs/client/src/index.ts');

/** The client library as one module, with its source map. */
export async function bundle(): Promise<{ code: string; map: string }> {
  const build = await rolldown({ input: ENTRY, platform: 'neutral' });
  const { output } = await build.generate({ format: 'esm', sourcemap: true });
  await build.close();
  const [module] = output;
  if (output.filter(({ type }) => type === 'chunk').length !== 1 || module.map === null) {
    throw new Error('the client library is not one module');
  }
  // Nothing may be left to import: the package has no dependency.
  if (module.imports.length > 0) throw new Error(`the client library imports ${module.imports.join(', ')}`);
  return { code: module.code, map: module.map.toString() };
}
