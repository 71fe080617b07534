import type { SnapshotOperations } from '../sqlite/file-snapshot.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { attachmentOperations } from './attachments/attachment-operations.ts';
import { conversationOperations } from './conversations/conversation-operations.ts';
import { logOperations } from './conversations/log-operations.ts';
import { stateOperations } from './conversations/state-operations.ts';
import { groupOperations } from './groups/group-operations.ts';
import { messageOperations } from './messages/message-operations.ts';
import { pictureOperations } from './moments/picture-operations.ts';
import { postingOperations } from './moments/posting-operations.ts';
import { replyOperations } from './moments/reply-operations.ts';
import { movingOperations } from './moving/moving-operations.ts';
import { loginOperations, userOperations } from './people/account-operations.ts';
import { apiKeyOperations } from './people/api-key-operations.ts';
import { auditOperations } from './people/audit-operations.ts';
import { deviceOperations } from './people/device-operations.ts';
import { erasureOperations } from './people/erasure-operations.ts';
import { holdOperations } from './people/hold-operations.ts';
import { profileOperations } from './people/profile-operations.ts';
import { pushOutcomeOperations } from './people/push-outcome-operations.ts';
import { blockOperations, contactOperations } from './people/relation-operations.ts';
import { revocationOperations } from './people/revocation-operations.ts';
import { sweepOperations } from './people/sweep-operations.ts';
import { reactionOperations } from './reactions/reaction-operations.ts';
import { eventLogOperations } from './server-events/event-log.ts';
import { webhookOperations } from './server-events/webhook-rows.ts';
import { createStoreContext, type StoreContext, type StoreData } from './store-context.ts';
import type { StoreOperations } from './store-operations.ts';

/** Conversations, logs, messages, people, their devices, moments, attachments and reactions in one file, so that they share commits. */
export function openStoreEngine(
  data: StoreData,
  told?: (done: string) => void,
): WorkerEngine & { store: StoreContext } {
  const store = createStoreContext(data, told);
  const handlers: Handlers<Omit<StoreOperations, keyof SnapshotOperations>> = {
    ping: () => null,
    ...conversationOperations(store),
    ...stateOperations(store),
    ...logOperations(store),
    ...groupOperations(store),
    ...messageOperations(store),
    ...userOperations(store),
    ...deviceOperations(store.db),
    ...revocationOperations(store.db),
    ...loginOperations(store.db),
    ...apiKeyOperations(store.db),
    ...auditOperations(store.db),
    ...erasureOperations(store.db),
    ...holdOperations(store.db),
    ...sweepOperations(store.db),
    ...pushOutcomeOperations(store.db),
    ...profileOperations(store.db),
    ...contactOperations(store.db),
    ...blockOperations(store.db),
    ...postingOperations(store.db),
    ...replyOperations(store),
    ...pictureOperations(store.db),
    ...attachmentOperations(store.db),
    ...reactionOperations(store),
    ...eventLogOperations(store.db, store.epoch),
    ...webhookOperations(store.db),
    ...movingOperations(store),
  };
  return {
    db: store.db,
    store,
    state: null,
    paceMs: 15,
    handlers,
    beforeCommit(now) {
      store.journal.write(now);
      store.messages.flush();
    },
    afterRollback: () => store.reload(),
  };
}
