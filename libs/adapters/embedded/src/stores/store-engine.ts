import type { CopyOperations } from '../backup/copy-operations.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { auditOperations } from './audit-operations.ts';
import { blockOperations } from './block-operations.ts';
import { contactOperations } from './contact-operations.ts';
import { deviceOperations } from './device-operations.ts';
import { inboxOperations } from './inbox-operations.ts';
import { loginOperations } from './login-operations.ts';
import { messageOperations } from './message-operations.ts';
import { pictureOperations } from './picture-operations.ts';
import { postingOperations } from './posting-operations.ts';
import { profileOperations } from './profile-operations.ts';
import { pushOutcomeOperations } from './push-outcome-operations.ts';
import { replyOperations } from './reply-operations.ts';
import { revocationOperations } from './revocation-operations.ts';
import { sessionOperations } from './session-operations.ts';
import { createStoreContext, type StoreContext, type StoreData } from './store-context.ts';
import type { StoreOperations } from './store-operations.ts';
import { userOperations } from './user-operations.ts';

/** Sessions, inboxes, messages, people, their devices and moments in one file, so that one commit serves them all. */
export function openStoreEngine(data: StoreData): WorkerEngine & { store: StoreContext } {
  const store = createStoreContext(data);
  const handlers: Handlers<Omit<StoreOperations, keyof CopyOperations>> = {
    ping: () => null,
    ...sessionOperations(store),
    ...inboxOperations(store),
    ...messageOperations(store),
    ...userOperations(store),
    ...deviceOperations(store.db),
    ...revocationOperations(store.db),
    ...loginOperations(store.db),
    ...auditOperations(store.db),
    ...pushOutcomeOperations(store.db),
    ...profileOperations(store.db),
    ...contactOperations(store.db),
    ...blockOperations(store.db),
    ...postingOperations(store.db),
    ...replyOperations(store),
    ...pictureOperations(store.db),
  };
  return {
    db: store.db,
    store,
    state: null,
    paceMs: 15,
    handlers,
    beforeCommit(now) {
      store.journal.write(now);
      store.messages.fold();
    },
    afterRollback: () => store.reload(),
  };
}
