import { join } from 'node:path';
import { CONVERSATION_TOPIC, PUSH_TOPIC, SEARCH_TOPIC, SERVER_EVENT_TOPIC } from '@chasqui/domain';
import { BUS_FILE } from '../damage/check-folder.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { WorkerData } from '../worker-link/engine-worker.ts';
import { WorkerLink } from '../worker-link/worker-link.ts';
import { EmbeddedBus } from './embedded-bus.ts';
import type { LogData } from './log-file.ts';
import type { LogOperations, LogState } from './log-operations.ts';

export interface BusOptions {
  /** Shards of each topic; applies only to topics that the data folder does not have yet. */
  shards?: { [topic: string]: number };
  /** The maximum size of the log in bytes, beyond which a publish is refused with `overloaded` (C16). Default 8 GiB. */
  maxLogBytes?: number;
  /** How long messages are kept after every group has handled them, in ms. Default 60 000. */
  retentionMs?: number;
  /** Characters of bodies kept in memory for consumers; other bodies are read from the file. Default 64 Mi. */
  maxTailCharacters?: number;
}

/**
 * Few, as one thread commits for all shards and one process handles them: every shard costs each commit a page, and
 * makes batches smaller. Measured at 1,500 messages a second: 34 µs of CPU a message with 8 and 4 shards, 16 with 2 and 1.
 */
const DEFAULT_SHARDS = { [CONVERSATION_TOPIC]: 2, [SEARCH_TOPIC]: 1, [PUSH_TOPIC]: 4, [SERVER_EVENT_TOPIC]: 1 };

export interface OpenBus {
  bus: EmbeddedBus;
  link: WorkerLink<LogOperations, LogState>;
}

/** Opens `bus.db` in the data folder. Errors: as `WorkerLink.open`. */
export async function openBus(parts: EngineParts, options: BusOptions): Promise<OpenBus> {
  const { dataDir, clock, random, logger, marks = {}, forget = false } = parts;
  const { shards, maxLogBytes = 8 * 1024 ** 3, retentionMs = 60_000, maxTailCharacters = 64 * 1024 ** 2 } = options;
  const path = join(dataDir, BUS_FILE);
  const data: LogData & WorkerData = { path, shards: { ...DEFAULT_SHARDS, ...shards }, maxLogBytes, forget };
  let bus: EmbeddedBus | undefined;
  let first: LogState | undefined;
  const link = await WorkerLink.open<LogOperations, LogState>({
    name: 'bus',
    entry: new URL('./log-worker.ts', import.meta.url),
    data,
    unavailable: 'bus_unavailable',
    clock,
    random,
    logger,
    marks,
    opened(state) {
      if (bus === undefined) first = state;
      else bus.reopened(state);
    },
  });
  if (first === undefined) throw new Error('an open worker has told its state');
  bus = new EmbeddedBus({ clock, logger, log: link, state: first, retentionMs, maxTailCharacters });
  return { bus, link };
}
