import { type Clock, ImError, type Random, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { withDeadline } from '@chasqui/kit/base';
import type { Engines } from '@chasqui/ports';
import { type BackupSource, whileStill } from '../backup/snapshot-source.ts';
import { createSearchIndex } from '../search/search-index.ts';
import type { SearchOperations } from '../search/search-operations.ts';
import type { SnapshotOperations } from '../sqlite/file-snapshot.ts';
import { createAttachmentStore } from '../stores/attachments/attachment-store.ts';
import { createConversationStateStore, createConversationStore } from '../stores/conversations/conversation-store.ts';
import { createUpdateLog } from '../stores/conversations/update-log.ts';
import { createGroupStore } from '../stores/groups/group-store.ts';
import { createMessageStore } from '../stores/messages/message-store.ts';
import { createMomentStores } from '../stores/moments/moment-stores.ts';
import { createMovableStore } from '../stores/moving/movable-store.ts';
import { createPeopleStores } from '../stores/people/people-stores.ts';
import { createReactionStore } from '../stores/reactions/reaction-store.ts';
import { createServerEventStores } from '../stores/server-events/server-event-stores.ts';
import type { StoreOperations } from '../stores/store-operations.ts';
import { EngineLink } from './engine-link.ts';
import { type EnginePlace, placeOf } from './network-address.ts';
import { RemoteBus } from './remote-bus.ts';
import { createSoftPorts } from './soft-ports.ts';

export interface ConnectOptions extends EnginePlace {
  clock: Clock;
  random: Random;
  logger: Logger;
  /** How long to wait for the engine host at the start, in ms. Default 30 000. */
  connectTimeoutMs?: number;
  /** Whether to go on without a host that is not there by then; its bus cannot be used so. Default false. */
  mayBeAway?: boolean;
  /** The timeout of a call, in ms. Default 10 000. */
  deadlineMs?: number;
  /** The maximum of calls in flight, per engine (C16). Default 20 000. */
  maxCalls?: number;
}

/** How often a start that waits says so, in ms. */
const TELL_MS = 5_000;

/** The engines of another process. Disposal disconnects; the engines continue. */
export type RemoteEngines = Engines & BackupSource & AsyncDisposable;

/**
 * Uses the engines of an engine host. While the host is down, every call fails at once with its port's documented
 * error, and consumers wait; both resume when it is back. Errors: `engine_unavailable` when it cannot be reached in
 * time, `config_invalid` when it is of another release or has another secret.
 */
export async function connectEmbeddedEngines(options: ConnectOptions): Promise<RemoteEngines> {
  const { clock, logger, connectTimeoutMs = 30_000, mayBeAway = false, deadlineMs = 10_000 } = options;
  const first = Promise.withResolvers<void>();
  const bus: RemoteBus = new RemoteBus({
    call: (op, args) => link.call('bus', op, args),
    send: (item) => link.send(item),
  });
  const link = new EngineLink({
    ...options,
    deadlineMs,
    maxCalls: options.maxCalls ?? 20_000,
    connected(shards) {
      bus.connected(shards);
      first.resolve();
    },
    work: (item) => bus.work(item),
  });
  const place = placeOf(options);
  const isLate = () =>
    link.mismatch ??
    new ImError(
      'engine_unavailable',
      `no engine host answers on ${place}${link.trouble && ` (${link.trouble})`}: start it, or check the address`,
    );
  const telling = tellEvery(clock, () => logger.warn({ place, why: link.trouble }, 'waiting for the engine host'));
  try {
    await withDeadline(clock, connectTimeoutMs, first.promise, isLate);
  } catch (error) {
    if (!mayBeAway || link.mismatch !== undefined) {
      link.close();
      throw error;
    }
    logger.warn({ place, why: link.trouble }, 'the engine host is unavailable: starting without it');
  } finally {
    telling[Symbol.dispose]();
  }
  const stores = link.callerOf<StoreOperations>('stores');
  const messages = createMessageStore(stores);
  return {
    whileStill: (...args) => whileStill({ log: link.callerOf<SnapshotOperations>('bus'), stores, clock }, ...args),
    bus,
    conversations: createConversationStore(stores),
    conversationStates: createConversationStateStore(stores),
    groups: createGroupStore(stores),
    logs: createUpdateLog(stores),
    messages,
    locator: messages,
    search: createSearchIndex(link.callerOf<SearchOperations>('search')),
    ...createPeopleStores(stores),
    ...createMomentStores(stores),
    attachments: createAttachmentStore(stores),
    movable: createMovableStore(stores),
    reactions: createReactionStore(stores),
    ...createServerEventStores(stores),
    ...createSoftPorts((op, args) => link.call('soft', op, args)),
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      link.close();
    },
  };
}

function tellEvery(clock: Clock, tell: () => void): Disposable {
  const again = (): Timer =>
    clock.after(TELL_MS, () => {
      tell();
      timer = again();
    });
  let timer = again();
  return { [Symbol.dispose]: () => timer.cancel() };
}
