import { intoBatches } from '../bus/into-batches.ts';
import { LOG_SCHEMA, LOG_VERSION } from '../bus/log-schema.ts';
import { forgetBirth } from '../damage/folder-record.ts';
import { SEARCH_SCHEMA, SEARCH_VERSION } from '../search/search-schema.ts';
import { SEARCH_STEPS } from '../search/upgrade.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { STORE_SCHEMA, STORE_STEPS, STORE_VERSION } from '../stores/schema.ts';

const [kind = 'store', path = '', reports = '0', sliceRows = '2'] = process.argv.slice(2);
const KINDS = {
  store: { version: STORE_VERSION, schema: STORE_SCHEMA, steps: STORE_STEPS, beforeSwap: () => forgetBirth(path) },
  bus: { version: LOG_VERSION, schema: LOG_SCHEMA, steps: [intoBatches] },
  search: { version: SEARCH_VERSION, schema: SEARCH_SCHEMA, steps: SEARCH_STEPS },
};

/**
 * Upgrades a file of an older version, a few rows a commit, and is killed after so many reports of its progress. Prints
 * each report.
 */
let done = 0;
const db = openDatabase({
  path,
  ...KINDS[kind as keyof typeof KINDS],
  cacheKiB: 1_024,
  sliceRows: Number(sliceRows),
  told(report) {
    process.stdout.write(`${report}\n`);
    if (done++ === Number(reports)) process.kill(process.pid, 'SIGKILL');
  },
});
db.close();
