import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { BUILT_IN, ENTRIES, type Entry } from './entries.ts';

const SOURCES = join(import.meta.dirname, '../../libs/client/src');

/** An entry point of the client library as one module, with its source map. */
export async function bundle(entry: Entry): Promise<{ code: string; map: string }> {
  const external = [...BUILT_IN[entry]];
  const build = await rolldown({ input: join(SOURCES, ENTRIES[entry]), platform: 'neutral', external });
  const { output } = await build.generate({ format: 'esm', sourcemap: true });
  await build.close();
  const [module] = output;
  if (output.filter(({ type }) => type === 'chunk').length !== 1 || module.map === null) {
    throw new Error(`${entry} of the client library is not one module`);
  }
  const unknown = module.imports.filter((name) => !external.includes(name));
  if (unknown.length > 0) throw new Error(`${entry} of the client library imports ${unknown.join(', ')}`);
  return { code: module.code, map: module.map.toString() };
}
