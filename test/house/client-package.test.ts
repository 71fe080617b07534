import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { bundle } from '../../deploy/client/bundle.ts';

/** What a bundler makes of `import { createClient }` from the packed module, in gzipped bytes. */
async function costOf(code: string): Promise<number> {
  const modules: { [id: string]: string } = {
    page: "import { createClient } from 'library'; globalThis.start = createClient;",
    library: code,
  };
  const build = await rolldown({
    input: 'page',
    plugins: [{ name: 'modules', resolveId: (id) => id, load: (id) => modules[id] ?? null }],
  });
  const { output } = await build.generate({ minify: true });
  await build.close();
  return gzipSync(output[0].code, { level: 9 }).length;
}

test('an application that uses the client library pays at most 21.3 kB for it, minified and gzipped', async () => {
  const { code } = await bundle('index');
  const cost = await costOf(code);
  // The whole library, not a piece that a bundler took for unused.
  expect(cost).toBeGreaterThan(10_000);
  expect(cost).toBeLessThanOrEqual(21_300);
}, 60_000);
