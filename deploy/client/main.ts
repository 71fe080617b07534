// Builds the package of the client library in libs/client/dist.
import { join } from 'node:path';
import { writePackage } from './package.ts';

await writePackage(join(import.meta.dirname, '../../libs/client/dist'));
