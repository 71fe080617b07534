import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseMoved } from '@chasqui/domain';
import { unusable } from '@chasqui/kit/base';
import {
  createMemoryDedupHints,
  createMemoryGroupNodes,
  createMemoryPresence,
  createMemoryRateLimits,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import type { Engines } from '@chasqui/ports';
import { refuseUnfinishedRestore } from './backup/restore-backup.ts';
import { type BackupSource, whileStill } from './backup/snapshot-source.ts';
import { type BusOptions, openBus } from './bus/open-bus.ts';
import {
  BUS_FILE,
  checkCommits,
  checkLengths,
  isCopied,
  requireStore,
  SEARCH_FILE,
  STORE_FILE,
  seenCommits,
  setAsideUnreadableBus,
} from './damage/check-folder.ts';
import type { CommitMarks } from './damage/commit-counter.ts';
import { type FolderRecord, readRecord } from './damage/folder-record.ts';
import { RecordKeeper } from './damage/record-keeper.ts';
import { lockDataDir } from './data-lock.ts';
import { type EngineInternals, INTERNALS } from './engine-internals.ts';
import type { EngineParts } from './engine-parts.ts';
import { refuseOlderFiles } from './older-files.ts';
import { openSearch } from './search/open-search.ts';
import { createSearchIndex } from './search/search-index.ts';
import { createAttachmentStore } from './stores/attachments/attachment-store.ts';
import { createConversationStateStore, createConversationStore } from './stores/conversations/conversation-store.ts';
import { createUpdateLog } from './stores/conversations/update-log.ts';
import { createGroupStore } from './stores/groups/group-store.ts';
import { createMessageStore } from './stores/messages/message-store.ts';
import { createMomentStores } from './stores/moments/moment-stores.ts';
import { createMovableStore } from './stores/moving/movable-store.ts';
import { openStores, type StoreOptions } from './stores/open-stores.ts';
import { createPeopleStores } from './stores/people/people-stores.ts';
import { createReactionStore } from './stores/reactions/reaction-store.ts';
import { createServerEventStores } from './stores/server-events/server-event-stores.ts';
import type { StoreOperations } from './stores/store-operations.ts';
import type { WorkerLink } from './worker-link/worker-link.ts';

export interface EmbeddedEnginesOptions extends EngineParts, BusOptions, StoreOptions {
  /** Files of an older version are upgraded, which older versions cannot undo: for servers only. Default: refused. */
  upgrade?: boolean;
  /** Also a store that a move has left or not finished. Default false. */
  evenMoved?: boolean;
}

/** All engines in this process. Dispose it after its users; this closes the files. */
export interface EmbeddedEngines extends Engines, BackupSource, AsyncDisposable {
  /** For serving them to other processes. */
  readonly [INTERNALS]: EngineInternals;
  /** Where the unreadable bus is that `forget` replaced; null: the bus is in its place. */
  readonly setAside: string | null;
  /** Faults that leave every engine working, as texts: files with damaged rows. */
  degraded(): string[];
}

/**
 * Opens the embedded engines on a data folder, which must have no other owner. Data that outlives the process (bus,
 * stores, search) is on disk, each file in a worker thread; presence, caches and limits are in memory.
 *
 * Each file must match the record of the folder and the witnesses in the other files. The store's logs get a new epoch
 * when its file is another one than was recorded (a restored copy), or when `forget` accepts a loss: an unreadable bus
 * is then set aside. A rebuild becomes due for an index that is damaged or behind. Errors: `config_invalid` when the
 * folder is in use, cannot be used, or was written by a newer version (without `upgrade`: or by an older one);
 * `data_damaged` when a file does not match.
 */
export async function openEmbeddedEngines(options: EmbeddedEnginesOptions): Promise<EmbeddedEngines> {
  const { dataDir, clock, logger, forget = false, upgrade = false, evenMoved = false } = options;
  await using stack = new AsyncDisposableStack();
  stack.use(await lockDataDir(dataDir, clock.now(), forget));
  const keptOpen: FileHandle[] = [];
  stack.defer(async () => {
    for (const file of keptOpen) await file.close();
  });
  await refuseUnfinishedRestore(dataDir);
  const record = await readRecord(dataDir);
  if (forget) await requireStore(dataDir);
  else if (record !== null) await checkLengths(dataDir, record);
  if (!upgrade) refuseOlderFiles(dataDir);
  const setAside = forget ? await setAsideUnreadableBus(dataDir, clock.now()) : null;
  const marks: CommitMarks = {};
  const keeper = stack.use(new RecordKeeper({ dataDir, marks, clock, logger }));
  const parts = { ...options, marks };
  const opening = [
    openStores(parts, { ...options, renew: await renewing(dataDir, record) }).then((link) => stack.use(link)),
    openSearch(parts).then((link) => stack.use(link)),
    openBus(parts, options).then(({ bus, link }) => {
      stack.use(link);
      return { bus: stack.use(bus), log: link };
    }),
  ] as const;
  // Waits for all, even if one fails: the stack closes the others, so they must have opened by then.
  await Promise.allSettled(opening);
  const [stores, search, { bus, log }] = await Promise.all(opening);
  const witnesses = { [STORE_FILE]: stores.witness, [BUS_FILE]: log.witness, [SEARCH_FILE]: search.witness };
  const seen = forget ? {} : seenCommits(witnesses, record);
  checkCommits(dataDir, witnesses, seen);
  if (forget || search.witness.commits < (seen[SEARCH_FILE] ?? 0)) {
    // The index continues counting from the seen commits, so that it does not stay behind for ever.
    marks[SEARCH_FILE] = Math.max(marks[SEARCH_FILE] ?? 0, seen[SEARCH_FILE] ?? 0);
    await search.call('search.rebuildLater', null).catch((error: unknown) => {
      throw unusable(join(dataDir, SEARCH_FILE), error);
    });
  }
  if (!evenMoved) await refuseMovedStore(stores);
  await keeper.start();
  const messages = createMessageStore(stores);
  const owned = stack.move();
  return {
    bus,
    conversations: createConversationStore(stores),
    conversationStates: createConversationStateStore(stores),
    groups: createGroupStore(stores),
    logs: createUpdateLog(stores),
    messages,
    locator: messages,
    search: createSearchIndex(search),
    ...createPeopleStores(stores),
    ...createMomentStores(stores),
    attachments: createAttachmentStore(stores),
    movable: createMovableStore(stores),
    reactions: createReactionStore(stores),
    ...createServerEventStores(stores),
    ...createMemoryPresence({ clock }),
    groupNodes: createMemoryGroupNodes({ clock }),
    unreadCache: createMemoryUnreadCache(),
    dedupHints: createMemoryDedupHints({ clock }),
    rateLimits: createMemoryRateLimits({ clock }),
    whileStill: (...args) => whileStill({ log, stores, clock, keptOpen }, ...args),
    setAside,
    degraded: () =>
      [stores, log, search].flatMap(({ path, damagedRows }) =>
        damagedRows === 0 ? [] : [`${path}: ${damagedRows} damaged rows were met; the log names them`],
      ),
    [INTERNALS]: { stores, search, hub: bus, log },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function refuseMovedStore(stores: WorkerLink<StoreOperations>): Promise<void> {
  const note = await stores.call('movable.note', null);
  if (note !== null) refuseMoved(note);
}

/** Whether the positions of the store's logs may be those of another file. */
async function renewing(dataDir: string, record: FolderRecord | null): Promise<StoreOptions['renew']> {
  if (record === null) return 'ifRecorded';
  return (await isCopied(dataDir, record)) ? 'always' : 'never';
}
