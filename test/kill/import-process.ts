import { createReadStream } from 'node:fs';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { importLines } from '../../apps/api/src/imports/importer.ts';
import { piecesOf } from '../../apps/cli/src/support/line-pieces.ts';
import { openImportStores } from './import-stores.ts';

/** Imports a file in pieces, for a test that kills it; prints the number of the line to go on with after each. */
const [dataDir = '', file = '', first = '1'] = process.argv.slice(2);
const PIECE_BYTES = 32 * 1024;

await using stores = await openImportStores(dataDir);
const context = {
  ...stores,
  limits: DEFAULT_LIMITS,
  nodeId: 'api-1',
  // No apps are there to be told.
  publisher: { publish: async () => {} },
  notices: { tell: async () => {} },
};
let from = Number(first);
for await (const piece of piecesOf(createReadStream(file, { highWaterMark: PIECE_BYTES }), from - 1, PIECE_BYTES)) {
  const { next, errors } = await importLines(context, piece, { from, stopAtError: false });
  if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
  from = next;
  process.stdout.write(`${next}\n`);
}
