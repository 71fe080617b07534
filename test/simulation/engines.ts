import { type Clock, HybridClock } from '@chasqui/domain';
import {
  createMemoryBus,
  createMemoryConversations,
  createMemoryDedupHints,
  createMemoryDevices,
  createMemoryGroupNodes,
  createMemoryHolds,
  createMemoryMessages,
  createMemoryOfflineCache,
  createMemoryPresence,
  createMemoryProfiles,
  createMemoryRelations,
  createMemoryRevocations,
  createMemorySearch,
  createMemoryServerEvents,
  createMemorySweeps,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import type { EngineSet, Sabotage } from './engine-set.ts';
import { Machine } from './machine.ts';
import type { Dice } from './random.ts';
import type { Witness } from './witness.ts';

export const MACHINE_NAMES = ['bus', 'redis', 'store', 'messages', 'search'] as const;
export type MachineName = (typeof MACHINE_NAMES)[number];

const SHARDS = 4;

export interface EnginesOptions {
  clock: Clock;
  dice: Dice;
  witness: Witness;
  sabotage?: Sabotage | undefined;
}

/** The engines of one cluster, on their machines. They outlive every process. */
export class Engines {
  readonly machines: { readonly [name in MachineName]: Machine };
  readonly #clock: Clock;
  readonly #sabotage: Sabotage;
  #set: EngineSet;

  constructor({ clock, dice, witness, sabotage = () => ({}) }: EnginesOptions) {
    this.#clock = clock;
    this.#sabotage = sabotage;
    const machine = (name: MachineName, error: ConstructorParameters<typeof Machine>[1]['error']) =>
      new Machine(name, { clock, random: dice.stream(`machine ${name}`), error });
    this.machines = {
      bus: machine('bus', 'bus_unavailable'),
      redis: machine('redis', 'presence_unavailable'),
      store: machine('store', 'store_unavailable'),
      messages: machine('messages', 'store_unavailable'),
      search: machine('search', 'search_unavailable'),
    };
    const ids = new HybridClock({ now: () => clock.now(), tag: 0xffff_ffff });
    const { conversations, conversationStates, groups, logs, attachments, reactions } = createMemoryConversations({
      ...{ clock, ids },
    });
    const messages = createMemoryMessages();
    const whole = {
      bus: createMemoryBus({ clock, random: dice.stream('bus'), shards: SHARDS }),
      conversations,
      conversationStates,
      groups,
      logs,
      attachments,
      reactions,
      messages,
      locator: messages,
      search: createMemorySearch(),

      ...createMemoryRelations(),
      profiles: createMemoryProfiles(),
      revocations: createMemoryRevocations(),
      devices: createMemoryDevices(),
      ...createMemoryServerEvents(),
      holds: createMemoryHolds(),
      sweeps: createMemorySweeps(),
      ...this.#soft(),
    };
    // The witness observes the data that really arrives, behind any sabotage.
    this.#set = this.#broken({ ...whole, ...witness.watch(whole) });
  }

  get set(): EngineSet {
    return this.#set;
  }

  /** All data that is in memory only is lost: presence, node leases, dedup hints, caches. */
  emptySoftState(): void {
    this.#set = { ...this.#set, ...this.#broken({ ...this.#set, ...this.#soft() }, true) };
  }

  loseDedupHints(): void {
    this.#set = { ...this.#set, dedup: createMemoryDedupHints({ clock: this.#clock }) };
  }

  #soft() {
    const { presence, nodes } = createMemoryPresence({ clock: this.#clock });
    return {
      presence,
      registry: nodes,
      groupNodes: createMemoryGroupNodes({ clock: this.#clock }),
      dedup: createMemoryDedupHints({ clock: this.#clock }),
      unreadCache: createMemoryUnreadCache({ clock: this.#clock }),
      offlineCache: createMemoryOfflineCache(),
    };
  }

  #broken(set: EngineSet, softOnly = false): EngineSet {
    const { presence, registry, groupNodes, dedup, unreadCache, offlineCache, ...hard } = this.#sabotage(set);
    const soft = { presence, registry, groupNodes, dedup, unreadCache, offlineCache };
    const replaced = Object.entries(softOnly ? soft : { ...hard, ...soft }).filter(([, part]) => part !== undefined);
    return { ...set, ...(Object.fromEntries(replaced) as Partial<EngineSet>) };
  }
}
