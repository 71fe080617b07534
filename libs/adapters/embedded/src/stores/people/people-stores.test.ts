import {
  apiKeyStoreContract,
  auditLogContract,
  deviceStoreContract,
  erasureStoreContract,
  holdStoreContract,
  loginStoreContract,
  profileStoreContract,
  pushOutcomesContract,
  relationsContract,
  revocationStoreContract,
  sweepStoreContract,
} from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createPeopleStores, type PeopleStores } from './people-stores.ts';

type Way = 'in process' | 'through the socket';

function harnessOf<T>(way: Way, portsOf: (stores: PeopleStores) => T) {
  return scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    if (way === 'in process') return { ...opened, subject: portsOf(createPeopleStores(opened.subject)) };
    const remote = await throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
    return { ...remote, subject: portsOf(remote.subject) };
  });
}

for (const way of ['in process', 'through the socket'] as const) {
  const name = `embedded, ${way}`;
  deviceStoreContract(
    name,
    harnessOf(way, ({ devices }) => devices),
  );
  revocationStoreContract(
    name,
    harnessOf(way, ({ revocations }) => revocations),
  );
  loginStoreContract(
    name,
    harnessOf(way, ({ logins }) => logins),
  );
  apiKeyStoreContract(
    name,
    harnessOf(way, ({ apiKeys }) => apiKeys),
  );
  erasureStoreContract(
    name,
    harnessOf(way, ({ erasures }) => erasures),
  );
  holdStoreContract(
    name,
    harnessOf(way, ({ holds }) => holds),
  );
  sweepStoreContract(
    name,
    harnessOf(way, ({ sweeps }) => sweeps),
  );
  auditLogContract(
    name,
    harnessOf(way, ({ auditLog }) => auditLog),
  );
  pushOutcomesContract(
    name,
    harnessOf(way, ({ pushOutcomes }) => pushOutcomes),
  );
  profileStoreContract(
    name,
    harnessOf(way, ({ profiles }) => profiles),
  );
  relationsContract(
    name,
    harnessOf(way, ({ contacts, blocks }) => ({ contacts, blocks })),
  );
}
