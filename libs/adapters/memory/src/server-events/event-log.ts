import type { ServerEvent } from '@chasqui/domain';
import type { EventLogState, LoggedEvent, ServerEventStore } from '@chasqui/ports';

/** The log of server events in memory. */
export class EventLog {
  readonly #events: LoggedEvent[] = [];
  readonly #ids = new Set<string>();
  #floor = 0;
  #head = 0;
  #wantedFrom = 0;
  #wantedUntil = 0;

  get head(): number {
    return this.#head;
  }

  state(): EventLogState {
    return {
      epoch: 'memory',
      floor: this.#floor,
      head: this.#head,
      wantedFrom: this.#wantedFrom,
      wantedUntil: this.#wantedUntil,
    };
  }

  append(events: readonly ServerEvent[], now: number): number {
    const before = this.#head;
    for (const event of events) {
      if (this.#ids.has(event.id)) continue;
      this.#ids.add(event.id);
      this.#events.push({ position: ++this.#head, event: structuredClone(event), loggedAt: now });
    }
    return this.#head - before;
  }

  select(limit: number, matches: (one: LoggedEvent) => boolean): LoggedEvent[] {
    return structuredClone(this.#events.filter(matches).slice(0, limit));
  }

  want(until: number, now: number): void {
    if (this.#wantedUntil <= now) this.#wantedFrom = this.#head;
    this.#wantedUntil = Math.max(this.#wantedUntil, until);
  }

  trim({ olderThan, maxEvents, limit }: Parameters<ServerEventStore['trim']>[0]): number {
    const young = this.#events.findIndex(({ loggedAt }) => loggedAt >= olderThan);
    const old = young === -1 ? this.#events.length : young;
    const count = Math.min(limit, Math.max(old, this.#events.length - maxEvents));
    this.#drop(this.#floor + count);
    return count;
  }

  #drop(floor: number): void {
    for (const { event } of this.#events.splice(0, floor - this.#floor)) this.#ids.delete(event.id);
    this.#floor = floor;
  }
}
