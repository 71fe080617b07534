import { Histogram, sampleTexts } from '@chasqui/app-cli/load';
import { ChurnMap } from '@chasqui/domain';
import type { Answers, OneUser } from './one-user.ts';
import type { PartnerChoice } from './partners.ts';

export interface CrowdLoadOptions {
  /** They send one after the other, `ACTIVE` of them at a time. */
  senders: readonly OneUser[];
  /** Messages of each sender. */
  each: number;
  partnerOf: PartnerChoice;
}

/** Senders at a time, and messages that each keeps in flight: those of the closed load of 100 pairs. */
const ACTIVE = 100;
const IN_FLIGHT = 8;
/** The load ends when nothing has moved for so long: longer than an unacked push needs to count as offline. */
const PATIENCE_MS = 20_000;
/** A refused message is sent again after this. */
const REFUSAL_PAUSE_MS = 50;
const CONTENTS = sampleTexts(300).map((text) => JSON.stringify({ text }));
const STORED = 1;
const RECEIPT = 2;
const DONE = STORED | RECEIPT;

let loads = 0;

/**
 * A closed loop. A message is done when its sender has *stored* and a receipt, *unread* or *delivered*; a refused one is sent
 * again.
 */
export class CrowdLoad implements Answers {
  done = 0;
  /** Those of them that a device had before they counted as *unread*. */
  delivered = 0;
  readonly refusals = new Map<string, number>();
  readonly others = new Map<string, number>();
  /** µs from sending to *stored*. */
  readonly storing = new Histogram();
  readonly total: number;
  readonly #options: CrowdLoadOptions;
  readonly #name = `${Date.now().toString(36)}-${(loads++).toString(36)}.`;
  readonly #sentAt: Float64Array;
  readonly #state: Uint8Array;
  /** The place of each message's sender, and the number of its receiver. */
  readonly #senderOf: Uint32Array;
  readonly #receiverOf: Uint32Array;
  /** Messages that each sender has sent, and those that are settled. */
  readonly #sent: Uint32Array;
  readonly #settled: Uint32Array;
  /** Numbers of the messages without a receipt, by their ids. */
  readonly #numbers = new ChurnMap<string, number>();
  readonly #dirty = new Set<OneUser>();
  #next = 0;
  #nextSender = 0;
  #movedAt = 0;
  readonly #ended = Promise.withResolvers<void>();

  constructor(options: CrowdLoadOptions) {
    const { senders, each } = options;
    this.#options = options;
    this.total = senders.length * each;
    this.#sentAt = new Float64Array(this.total);
    this.#state = new Uint8Array(this.total);
    this.#senderOf = new Uint32Array(this.total);
    this.#receiverOf = new Uint32Array(this.total);
    this.#sent = new Uint32Array(senders.length);
    this.#settled = new Uint32Array(senders.length);
  }

  get unfinished(): number {
    return this.total - this.done;
  }

  /** Resolves to the seconds that it took, when all is done or nothing moves any more. */
  async run(): Promise<number> {
    const startedAt = performance.now();
    this.#movedAt = startedAt;
    const watch = setInterval(() => {
      if (performance.now() - this.#movedAt > PATIENCE_MS) this.#ended.resolve();
    }, 1_000);
    for (let n = 0; n < ACTIVE; n++) this.#activate();
    await this.#ended.promise;
    clearInterval(watch);
    return (this.#movedAt - startedAt) / 1_000;
  }

  queued(clientMessageId: string, messageId: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number !== -1) this.#numbers.set(messageId, number);
  }

  stored(clientMessageId: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number === -1) return;
    this.storing.record((performance.now() - (this.#sentAt[number] ?? 0)) * 1_000);
    this.#mark(number, STORED);
  }

  receipt(state: string, messageIds: readonly string[]): void {
    for (const messageId of messageIds) {
      const number = this.#numbers.get(messageId);
      if (number === undefined) continue;
      this.#numbers.delete(messageId);
      if (state === 'delivered') this.delivered++;
      this.#mark(number, RECEIPT);
    }
  }

  refused(clientMessageId: string, code: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number === -1) return;
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    setTimeout(() => this.#write(number), REFUSAL_PAUSE_MS);
  }

  other(what: string): void {
    this.others.set(what, (this.others.get(what) ?? 0) + 1);
  }

  #activate(): void {
    const place = this.#nextSender++;
    if (place >= this.#options.senders.length) return;
    for (let n = 0; n < IN_FLIGHT; n++) this.#send(place);
  }

  #send(place: number): void {
    const { senders, each, partnerOf } = this.#options;
    const sender = senders[place];
    if (sender === undefined || this.#sent[place] === each) return;
    this.#sent[place] = (this.#sent[place] ?? 0) + 1;
    const number = this.#next++;
    this.#senderOf[number] = place;
    this.#receiverOf[number] = partnerOf(sender.number);
    this.#sentAt[number] = performance.now();
    this.#write(number);
  }

  #write(number: number): void {
    const sender = this.#options.senders[this.#senderOf[number] ?? 0] as OneUser;
    const content = CONTENTS[number % CONTENTS.length] as string;
    sender.write(this.#receiverOf[number] ?? 0, `${this.#name}${number}`, content);
    if (this.#dirty.add(sender).size === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    for (const sender of this.#dirty) sender.flush();
    this.#dirty.clear();
  }

  #mark(number: number, bit: number): void {
    const before = this.#state[number] ?? 0;
    this.#state[number] = before | bit;
    if (before === DONE || (before | bit) !== DONE) return;
    this.done++;
    this.#movedAt = performance.now();
    const place = this.#senderOf[number] ?? 0;
    this.#settled[place] = (this.#settled[place] ?? 0) + 1;
    if (this.#settled[place] === this.#options.each) this.#activate();
    else this.#send(place);
    if (this.unfinished === 0) this.#ended.resolve();
  }

  #numberOf(clientMessageId: string): number {
    return clientMessageId.startsWith(this.#name) ? Number(clientMessageId.slice(this.#name.length)) : -1;
  }
}
