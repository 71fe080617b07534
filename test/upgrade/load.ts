import { encodeEvent } from '@chasqui/core';
import {
  type ConversationEvent,
  directAudience,
  type Message,
  type MessageEvent,
  maySee,
  recipientOf,
  shardOf,
} from '@chasqui/domain';
import { eventsOf } from '../business/events.ts';
import { USERS } from '../business/final-state.ts';
import type { House } from '../business/house.ts';
import { type EventValue, packed, several } from './next-release.ts';

/** The number of bus messages in one piece of load. */
const PUBLISHES = 40;

/**
 * By sender: who silently blocks them. bob's messages to cid, who is offline, reach bob's inbox alone; so do cid's
 * messages to ann, who is online, cid's inbox.
 */
const BLOCKED_BY = new Map([
  ['bob', 'cid'],
  ['cid', 'ann'],
]);

/** Publishes events of all types as nodes do: the seed alone determines them, whatever happens to them. */
export class Load {
  /** The messages that their receivers must never see, resends too. */
  readonly silenced: { message: Message; receiver: string }[] = [];
  readonly #house: House;
  readonly #sent: MessageEvent[] = [];
  readonly #recalled = new Set<MessageEvent>();
  #random = 1;

  constructor(house: House) {
    this.#house = house;
  }

  get names(): string[] {
    return this.#sent.map(({ encoded }) => encoded.message.clientMessageId);
  }

  /**
   * `newer`: some events have types or formats of a later release. `former`: some are in the form of 761e052's nodes.
   */
  async publish({ newer = false, former = false } = {}): Promise<void> {
    for (let n = 0; n < PUBLISHES; n++) {
      const event = this.#event();
      const key = keyOf(event);
      if (event.type === 'message' && isSilenced(event)) {
        this.silenced.push({ message: event.encoded.message, receiver: receiverOf(event) });
      }
      const text = this.#textOf(key, event, { newer, former });
      const shard = shardOf(key, this.#house.bus.shards('conversation'));
      await this.#house.publish([newer ? text : `{"later":["unknown",${n}],${text.slice(1)}`], { shard });
      await this.#house.clock.advance(this.#below(60));
    }
  }

  #event(): ConversationEvent {
    const { message, offline, receipt, recall, synced } = eventsOf(this.#house);
    const some = this.#sent.at(-1 - this.#below(10));
    const kind = this.#below(12);
    if (some === undefined || kind < 5) {
      const [from, to] = this.#pair();
      const audience = directAudience(from, to, BLOCKED_BY.get(from) === to);
      const sent = message(from, to, `text${this.#sent.length}`, { audience });
      this.#sent.push(sent);
      return sent;
    }
    const [{ from, clientMessageId, audience }, to] = [some.encoded.message, receiverOf(some)];
    // A resend, which gets another id.
    if (kind === 5) return message(from, to, clientMessageId, { audience });
    const isRecall = kind === 9 && !this.#recalled.has(some);
    if (isRecall) {
      this.#recalled.add(some);
      return recall(some);
    }
    if (kind === 8 && this.#below(2) > 0) return synced(to, 1 + this.#below(20));
    // No device has received it and could ack it, and no node pushed it: its sender resends it.
    if (isSilenced(some)) return message(from, to, clientMessageId, { audience });
    if (kind === 8) return offline(some);
    return receipt(kind === 6 ? 'delivered' : 'read', some);
  }

  #textOf(key: string, event: ConversationEvent, { newer, former }: { newer: boolean; former: boolean }): string {
    const text = encodeEvent(event);
    const value = JSON.parse(text) as EventValue;
    const dice = this.#below(3);
    if (former && dice === 0 && event.type === 'message') return asFormer(value);
    if (!newer || dice > 0 || event.type === 'synced') return text;
    return JSON.stringify(event.type === 'message' ? packed(value) : several(key, [value]));
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

/** A message as a node of 761e052 writes it: without later fields, and with the message first. */
function asFormer({ type, message, audience: _, digests: __, ...rest }: EventValue): string {
  return JSON.stringify({ type, message, ...rest });
}

function receiverOf({ encoded: { message } }: MessageEvent): string {
  return recipientOf(message).to ?? '';
}

function isSilenced(event: MessageEvent): boolean {
  return !maySee(event.encoded.message, receiverOf(event));
}

function keyOf(event: ConversationEvent): string {
  if (event.type === 'synced') return event.userId;
  if (event.type === 'group') return event.change.conversationId;
  return event.type === 'message' ? event.encoded.message.conversationId : event.conversationId;
}
