import { DEFAULT_LIMITS, refuseMoved } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';
import { createConversationStateStore } from './conversations/conversation-state-store.ts';
import { createConversationStore } from './conversations/conversation-store.ts';
import { createStoreProgress } from './conversations/store-progress.ts';
import { createSweepStore } from './conversations/sweep-store.ts';
import { createGroupStore } from './groups/group-store.ts';
import { createUpdateLog } from './logs/update-log.ts';
import { createMomentPictures } from './moments/moment-pictures.ts';
import { createMomentReplies } from './moments/moment-replies.ts';
import { createMomentStore } from './moments/moment-store.ts';
import { createMovableStore, MOVE_NOTE } from './moving/movable-store.ts';
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts';
import { createApiKeyStore } from './people/api-key-store.ts';
import { createAttachmentStore } from './people/attachment-store.ts';
import { createAuditLog } from './people/audit-log.ts';
import { createBlockStore } from './people/block-store.ts';
import { createContactStore } from './people/contact-store.ts';
import { createDeviceStore } from './people/device-store.ts';
import { createErasureStore } from './people/erasure-store.ts';
import { createHoldStore } from './people/hold-store.ts';
import { createLoginStore } from './people/login-store.ts';
import { createProfileStore } from './people/profile-store.ts';
import { createPushOutcomes } from './people/push-outcomes.ts';
import { createRevocationStore } from './people/revocation-store.ts';
import { createUserStore } from './people/user-store.ts';
import { createReactionStore } from './reactions/reaction-store.ts';
import { createServerEventStore } from './server-events/server-event-store.ts';
import { createWebhookStore } from './server-events/webhook-store.ts';

export interface OpenMysqlOptions extends OpenDatabaseOptions {
  /** How long resends find their first message id (C4), milliseconds. Default 30 days. */
  dedupWindowMs?: number;
}

export type MysqlEngines = AsyncDisposable &
  Pick<
    Engines,
    | 'conversations'
    | 'conversationStates'
    | 'groups'
    | 'logs'
    | 'users'
    | 'profiles'
    | 'contacts'
    | 'blocks'
    | 'moments'
    | 'momentReplies'
    | 'momentPictures'
    | 'devices'
    | 'revocations'
    | 'logins'
    | 'apiKeys'
    | 'auditLog'
    | 'erasures'
    | 'holds'
    | 'sweeps'
    | 'pushOutcomes'
    | 'serverEvents'
    | 'webhooks'
    | 'attachments'
    | 'movable'
    | 'reactions'
  > &
  Required<Pick<Engines, 'storeProgress'>>;

/**
 * Opens the stores once the server answers and the database is complete. Errors: `config_invalid` with the remedy,
 * `store_unavailable` if the server does not answer. Disposing waits for running calls.
 */
export async function openMysqlEngines(options: OpenMysqlOptions): Promise<MysqlEngines> {
  const { random, dedupWindowMs = DEFAULT_LIMITS.dedupWindowMs } = options;
  const logger = options.logger.child({ part: 'mysql' });
  const database = await openDatabase({ ...options, logger }, async (link) => {
    const [kept] = await link.run([MOVE_NOTE]);
    const note = kept?.rows[0]?.[0];
    if (typeof note === 'string' && options.evenMoved !== true) refuseMoved(note);
  });
  return {
    conversations: createConversationStore({ database, dedupWindowMs, logger }),
    conversationStates: createConversationStateStore(database),
    groups: createGroupStore(database),
    logs: createUpdateLog(database),
    users: createUserStore(database),
    profiles: createProfileStore(database),
    contacts: createContactStore(database),
    blocks: createBlockStore(database),
    moments: createMomentStore(database),
    momentReplies: createMomentReplies(database),
    momentPictures: createMomentPictures(database),
    devices: createDeviceStore(database),
    revocations: createRevocationStore(database),
    logins: createLoginStore(database),
    apiKeys: createApiKeyStore(database),
    auditLog: createAuditLog(database),
    erasures: createErasureStore(database),
    holds: createHoldStore(database),
    sweeps: createSweepStore(database),
    pushOutcomes: createPushOutcomes(database),
    serverEvents: createServerEventStore(database),
    webhooks: createWebhookStore(database),
    attachments: createAttachmentStore(database),
    movable: createMovableStore(database),
    reactions: createReactionStore(database),
    storeProgress: createStoreProgress(database, random),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
