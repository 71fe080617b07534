import {
  apiKeyStoreContract,
  auditLogContract,
  createManualClock,
  deviceStoreContract,
  erasureStoreContract,
  holdStoreContract,
  loginStoreContract,
  profileStoreContract,
  pushOutcomesContract,
  relationsContract,
  revocationStoreContract,
} from '@chasqui/contracts';
import { createMemoryApiKeys } from './api-keys.ts';
import { createMemoryAuditLog } from './audit-log.ts';
import { createMemoryDevices } from './devices.ts';
import { createMemoryErasures } from './erasures.ts';
import { createMemoryHolds } from './holds.ts';
import { createMemoryLogins } from './logins.ts';
import { createMemoryProfiles } from './profiles.ts';
import { createMemoryPushOutcomes } from './push-outcomes.ts';
import { createMemoryRelations } from './relations.ts';
import { createMemoryRevocations } from './revocations.ts';

const clock = createManualClock();

/** An engine in memory outlives its users. */
function harnessOf<T>(make: () => T) {
  let made: T;
  return {
    clock,
    advance: clock.advance,
    create: async () => {
      made = make();
      return made;
    },
    reopen: async () => made,
  };
}

deviceStoreContract('memory', harnessOf(createMemoryDevices));
revocationStoreContract('memory', harnessOf(createMemoryRevocations));
loginStoreContract('memory', harnessOf(createMemoryLogins));
erasureStoreContract('memory', harnessOf(createMemoryErasures));
holdStoreContract('memory', harnessOf(createMemoryHolds));
apiKeyStoreContract('memory', harnessOf(createMemoryApiKeys));
auditLogContract('memory', harnessOf(createMemoryAuditLog));
pushOutcomesContract('memory', harnessOf(createMemoryPushOutcomes));
profileStoreContract('memory', harnessOf(createMemoryProfiles));
relationsContract('memory', harnessOf(createMemoryRelations));
