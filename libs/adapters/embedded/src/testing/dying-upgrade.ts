import { openStoreEngine } from '../stores/store-engine.ts';

/** Opens a store of an older version, and is killed when the upgrade reports its progress after so many reports. */
const [path = '', reports = '0'] = process.argv.slice(2);
let done = 0;
openStoreEngine(
  { path, dedupWindowMs: 2_592_000_000, epoch: 'e', flushAt: { journalCharacters: 1_000, messages: 10 } },
  () => {
    if (done++ === Number(reports)) process.kill(process.pid, 'SIGKILL');
  },
);
