import { join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { ENTRIES, type Entry, FROM_INDEX, INDEX, LEFT } from './entries.ts';

const LIBRARIES = join(import.meta.dirname, '../../libs');
const SOURCES = join(LIBRARIES, 'client/src');

/** An entry point of the client library as one module, with its source map. */
export async function bundle(entry: Entry): Promise<{ code: string; map: string }> {
  const external = [...LEFT[entry]];
  const plugins = external.includes(INDEX) ? [fromIndex] : [];
  const build = await rolldown({ input: join(SOURCES, ENTRIES[entry]), platform: 'neutral', external, plugins });
  const { output } = await build.generate({ format: 'esm', sourcemap: true });
  await build.close();
  const [module] = output;
  if (output.filter(({ type }) => type === 'chunk').length !== 1 || module.map === null) {
    throw new Error(`${entry} of the client library is not one module`);
  }
  const unknown = module.imports.filter((name) => !external.includes(name));
  if (unknown.length > 0) throw new Error(`${entry} of the client library imports ${unknown.join(', ')}`);
  return { code: module.code.replace(`from "${INDEX}"`, 'from "./index.js"'), map: module.map.toString() };
}

/** What `index` has is imported from it. */
const fromIndex: Plugin = {
  name: 'from-index',
  load(id) {
    const names = FROM_INDEX[relative(LIBRARIES, id)];
    return names === undefined ? null : `export { ${names.join(', ')} } from '${INDEX}';`;
  },
};
