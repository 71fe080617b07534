import { BoundedMap, type Clock, type ConversationId, type UserId } from '@chasqui/domain';
import { MAX_WATCHED } from '../receiving/presence-interest.ts';
import { TAB_LIMITS } from './limits.ts';
import type { Interest } from './wire.ts';

/** What all tabs want of the leader. */
export class Interests {
  readonly #clock: Clock;
  readonly #tabs = new BoundedMap<string, { interest: Interest; heardAt: number }>(TAB_LIMITS.maxTabs);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(tab: string): Interest | undefined {
    return this.#tabs.get(tab)?.interest;
  }

  set(tab: string, interest: Interest): void {
    this.#tabs.set(tab, { interest, heardAt: this.#clock.monotonic() });
  }

  /** Returns whether another tab was forgotten because it has been silent for long. */
  heard(tab: string): boolean {
    const known = this.#tabs.use(tab);
    const now = this.#clock.monotonic();
    if (known !== undefined) known.heardAt = now;
    const silent = [...this.#tabs].filter(([, { heardAt }]) => now - heardAt > TAB_LIMITS.silentMs);
    for (const [name] of silent) this.#tabs.delete(name);
    return silent.length > 0;
  }

  delete(tab: string): void {
    this.#tabs.delete(tab);
  }

  /** The session has ended for good: until somebody asks for it again. */
  ended(): void {
    for (const [tab, { interest }] of [...this.#tabs]) this.set(tab, { ...interest, isOnline: false });
  }

  get isOnline(): boolean {
    return [...this.#tabs].some(([, { interest }]) => interest.isOnline);
  }

  get groups(): Set<ConversationId> {
    return new Set([...this.#tabs].flatMap(([, { interest }]) => interest.groups));
  }

  /** The first ones of each tab, as many as one session may watch. */
  get presence(): UserId[] {
    const lists = [...this.#tabs].map(([, { interest }]) => interest.presence);
    const longest = Math.max(0, ...lists.map(({ length }) => length));
    const byTurns = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? []));
    return [...new Set(byTurns.flat())].slice(0, MAX_WATCHED);
  }
}
