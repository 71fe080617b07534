// node test/upgrade/bundle-business.ts <checkout> <version>: makes the fixture of a released version's Business, which
// side-by-side.test.ts runs beside this one. The checkout has its packages installed (npm ci). Once for each release.
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'vite';

const [checkout, version] = process.argv.slice(2);
if (checkout === undefined || version === undefined) throw new Error('usage: bundle-business.ts <checkout> <version>');

const root = resolve(checkout);
const exported = {
  Business: join(root, 'apps/business/src/business.ts'),
  ImError: join(root, 'libs/domain/src/index.ts'),
};
const ENTRY = 'virtual:entry';
const built = await build({
  configFile: false,
  root,
  logLevel: 'warn',
  plugins: [
    {
      name: 'entry',
      resolveId: (id) => (id === ENTRY ? ENTRY : null),
      load: (id) =>
        id === ENTRY
          ? Object.entries(exported)
              .map(([name, path]) => `export { ${name} } from ${JSON.stringify(path)};`)
              .join('\n')
          : null,
    },
  ],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    write: false,
    minify: true,
    target: 'node24',
    // No module that Business uses has effects by being loaded alone.
    rolldownOptions: { input: ENTRY, output: { codeSplitting: false }, treeshake: { moduleSideEffects: false } },
  },
});
const [output] = [built].flat();
const chunks = output !== undefined && 'output' in output ? output.output : [];
const [chunk, ...others] = chunks;
if (chunk?.type !== 'chunk' || others.length > 0) throw new Error('the bundle is not one file');
const file = join(import.meta.dirname, 'releases', `business-${version}.mjs.gz`);
const bytes = await promisify(gzip)(chunk.code, { level: 9 });
await writeFile(file, bytes);
console.log(`wrote ${file}: ${bytes.length} bytes`);
