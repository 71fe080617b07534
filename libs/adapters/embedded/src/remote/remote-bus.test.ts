import { join } from 'node:path';
import { messageBusContract } from '@chasqui/contracts';
import { openBusOnly, throughSocket } from '../testing/parts.ts';
import { parts, scratchHarness } from '../testing/scratch.ts';
import { connectEmbeddedEngines } from './connect-engines.ts';

let path = '';

messageBusContract('embedded, through the socket', {
  ...scratchHarness(async (given) => {
    const opened = await openBusOnly(given);
    path = join(given.dataDir, 'engine.sock');
    const remote = await throughSocket(given.dataDir, { hub: opened.subject }, opened);
    return { ...remote, subject: remote.subject.bus };
  }),
  async connect() {
    const other = await connectEmbeddedEngines({ ...parts, path });
    return { bus: other.bus, kill: async () => other[Symbol.asyncDispose]() };
  },
});
