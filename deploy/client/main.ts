// Builds the package of the client library in libs/client/dist, and fails where an application would pay too much for it.
import { join } from 'node:path';
import { MOST_BYTES } from './bounds.ts';
import { appCost } from './cost.ts';
import { writePackage } from './package.ts';

const modules = await writePackage(join(import.meta.dirname, '../../libs/client/dist'));
const cost = await appCost(modules, { index: 'createClient' });
console.log(`createClient costs an application ${cost} bytes, minified and gzipped; at most ${MOST_BYTES}`);
if (cost > MOST_BYTES) {
  console.error(
    'Move what few applications use into a part of the library (docs/adr/0046-parts-of-the-client-library.md).',
  );
  process.exitCode = 1;
}
