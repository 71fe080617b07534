import type { Clock, Random, UserId } from '@chasqui/domain';
import type { Emitter } from '../basics/emitter.ts';
import type { Core } from '../core.ts';
import type { GroupEvents } from '../events.ts';
import type { GroupSupport } from '../parts.ts';
import type { OpenableDatabase } from '../storing/durable-store.ts';
import type { LedClient } from './calls.ts';
import type { OpenChannel } from './channel.ts';
import type { TabLocks } from './leadership.ts';

/** What a tab is made of. */
export interface TabParts {
  /** Of the lock and of the channel. */
  name: string;
  userId: UserId;
  groups: GroupSupport | undefined;
  locks: TabLocks;
  channel: OpenChannel;
  emitter: Emitter<GroupEvents>;
  limits: Core['limits'];
  clock: Clock;
  random: Random;
  open(): Promise<OpenableDatabase>;
  /** The client of the device, on this database. */
  create(database: OpenableDatabase): LedClient;
}
