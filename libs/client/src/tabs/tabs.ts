import { Emitter } from '../basics/emitter.ts';
import { platformClock, platformRandom } from '../basics/platform.ts';
import type { Client, ClientOf } from '../client.ts';
import { createClient } from '../create-client.ts';
import type { GroupEvents } from '../events.ts';
import { GROUP_LIMITS } from '../groups/group-limits.ts';
import { CLIENT_LIMITS } from '../limits.ts';
import type { ClientOptions } from '../options.ts';
import type { ActionSupport, GroupSupport, PartsOf, RecallSupport, StateSupport } from '../parts.ts';
import type { OpenableDatabase } from '../storing/durable-store.ts';
import type { ClientDatabase } from '../storing/store.ts';
import { aloneChannel, aloneLocks } from './alone.ts';
import type { LedClient } from './calls.ts';
import { broadcastChannel, type OpenChannel } from './channel.ts';
import { clientOf } from './client-of-tab.ts';
import type { TabLocks } from './leadership.ts';
import { Tab } from './tab.ts';

export interface SharedClientOptions extends Omit<ClientOptions, 'store'> {
  /** Tabs of one origin with the same name share a client: it names the server, the user and the device. */
  name: string;
  /** The user, as the server names them. */
  userId: string;
  /** Opens the database of the user. Called in the tab that leads, which closes it. */
  open: () => Promise<ClientDatabase>;
  /** Default: the browser's. */
  locks?: TabLocks;
  /** Default: a `BroadcastChannel`. */
  channel?: OpenChannel;
}

/** The client of a device in one of the tabs that share it. */
export interface SharedClient extends Client {
  /** Closes this tab's, and removes what the database has, in turn with other tabs: the user has logged out. */
  forget(): Promise<void>;
}

/**
 * Begins with what the tab that leads has. Where the browser has no locks (pages without HTTPS), each tab has a client of
 * its own, and the last one replaces the others.
 */
export function createSharedClient<
  Groups extends GroupSupport | undefined = undefined,
  States extends StateSupport | undefined = undefined,
  Recalls extends RecallSupport | undefined = undefined,
  Actions extends ActionSupport | undefined = undefined,
>(
  options: SharedClientOptions & { groups?: Groups; states?: States; recalls?: Recalls; actions?: Actions },
): Promise<ClientOf<PartsOf<Groups, States, Recalls, Actions>> & SharedClient>;
export async function createSharedClient({
  name,
  userId,
  open,
  locks,
  channel,
  ...options
}: SharedClientOptions): Promise<SharedClient> {
  const emitter = new Emitter<GroupEvents>();
  const found = locks ?? platformLocks();
  const opens = channel ?? broadcastChannel;
  const tab = new Tab({
    name: `chasqui ${name}`,
    userId,
    groups: options.groups,
    locks: found ?? aloneLocks(),
    channel: found === undefined ? aloneChannel : opens,
    emitter,
    limits: { ...CLIENT_LIMITS, ...GROUP_LIMITS, ...options.limits },
    clock: options.clock ?? platformClock,
    random: options.random ?? platformRandom,
    open: async () => (await open()) as OpenableDatabase,
    create: (store) => createClient({ ...options, store }) as LedClient,
  });
  await tab.begun;
  return clientOf(tab, emitter, userId);
}

function platformLocks(): TabLocks | undefined {
  const hasBoth = typeof BroadcastChannel === 'function' && typeof navigator === 'object' && 'locks' in navigator;
  return hasBoth ? navigator.locks : undefined;
}
