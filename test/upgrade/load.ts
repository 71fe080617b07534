import { type ConversationEvent, type MessageEvent, shardOf } from '@chasqui/domain';
import { eventsOf } from '../business/events.ts';
import { USERS } from '../business/final-state.ts';
import type { House } from '../business/house.ts';
import { packed, several } from './next-release.ts';

/** How many bus messages one piece of load has. */
const PUBLISHES = 40;

/** Writes events of all types as nodes do: by a seed, the same ones whatever happens to them. */
export class Load {
  readonly #house: House;
  readonly #sent: MessageEvent[] = [];
  readonly #recalled = new Set<MessageEvent>();
  #random = 1;

  constructor(house: House) {
    this.#house = house;
  }

  get names(): string[] {
    return this.#sent.map(({ message }) => message.clientMessageId);
  }

  /** `newer`: some events are such that a later release alone knows them. */
  async publish({ newer = false } = {}): Promise<void> {
    for (let n = 0; n < PUBLISHES; n++) {
      const event = this.#event();
      const key = keyOf(event);
      const shard = shardOf(key, this.#house.bus.shards('conversation'));
      await this.#house.publish([newer ? this.#asNewer(key, event) : { ...event, later: ['unknown', n] }], { shard });
      await this.#house.clock.advance(this.#below(60));
    }
  }

  #event(): ConversationEvent {
    const { message, offline, receipt, recall, synced } = eventsOf(this.#house);
    const some = this.#sent.at(-1 - this.#below(10));
    const kind = this.#below(10);
    if (some === undefined || kind < 5) {
      const [from, to] = this.#pair();
      const sent = message(from, to, `text${this.#sent.length}`);
      this.#sent.push(sent);
      return sent;
    }
    // A resend, which gets another id.
    if (kind === 5) return message(some.message.from, some.message.to, some.message.clientMessageId);
    if (kind === 6) return receipt('delivered', some);
    if (kind === 7) return receipt('read', some);
    if (kind === 8) return this.#below(2) === 0 ? offline(some) : synced(some.message.to, 1 + this.#below(20));
    if (this.#recalled.has(some)) return receipt('delivered', some);
    this.#recalled.add(some);
    return recall(some);
  }

  #asNewer(key: string, event: ConversationEvent): object {
    if (this.#below(3) > 0 || event.type === 'synced') return event;
    return event.type === 'message' ? packed(event) : several(key, [event]);
  }

  #pair(): [string, string] {
    const from = USERS[this.#below(3)] as string;
    const others = USERS.filter((user) => user !== from);
    return [from, others[this.#below(2)] as string];
  }

  /** A whole number from 0 to below `end` (Park and Miller). */
  #below(end: number): number {
    this.#random = (this.#random * 48_271) % 0x7fffffff;
    return this.#random % end;
  }
}

function keyOf(event: ConversationEvent): string {
  if (event.type === 'synced') return event.userId;
  return event.type === 'message' ? event.message.conversationId : event.conversationId;
}
