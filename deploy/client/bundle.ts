import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ENTRIES, LEFT, SHARED } from './entries.ts';

const SOURCES = join(import.meta.dirname, '../../libs/client/src');

/** One file of the package, without `.js`, with its source map. */
export interface PackedModule {
  name: string;
  code: string;
  map: string;
}

/** The client library as modules: one for each entry point, and one of what several of them use. */
export async function bundle(): Promise<PackedModule[]> {
  const input = Object.fromEntries(Object.entries(ENTRIES).map(([entry, source]) => [entry, join(SOURCES, source)]));
  const build = await rolldown({ input, platform: 'neutral', external: LEFT });
  const { output } = await build.generate({
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: SHARED, minShareCount: 2 }] },
  });
  await build.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  const unknown = chunks
    .flatMap(({ imports }) => imports)
    .filter((name) => name !== `${SHARED}.js` && !LEFT.includes(name));
  if (unknown.length > 0) throw new Error(`the client library imports ${unknown.join(', ')}`);
  return chunks.map(({ name, code, map }) => ({ name, code, map: map?.toString() ?? '' }));
}
