import type { Clock, Random, UserId } from '@chasqui/domain';
import type { Client } from '../client.ts';
import type { OpenableDatabase } from '../durable-store.ts';
import type { Emitter } from '../emitter.ts';
import type { ClientEvents } from '../events.ts';
import type { ClientLimits } from '../limits.ts';
import type { OpenChannel } from './channel.ts';
import type { TabLocks } from './leadership.ts';

/** What a tab is made of. */
export interface TabParts {
  /** Of the lock and of the channel. */
  name: string;
  userId: UserId;
  locks: TabLocks;
  channel: OpenChannel;
  emitter: Emitter<ClientEvents>;
  limits: ClientLimits;
  clock: Clock;
  random: Random;
  open(): Promise<OpenableDatabase>;
  /** The client of the device, on this database. */
  create(database: OpenableDatabase): Client;
}
