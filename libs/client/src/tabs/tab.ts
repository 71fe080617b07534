import { ImError, type Timer } from '@chasqui/domain';
import { withResolvers } from '../basics/open-promise.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import type { Call } from './calls.ts';
import type { TabChannel } from './channel.ts';
import type { Host } from './host.ts';
import { Leadership } from './leadership.ts';
import { forget, lead } from './leading.ts';
import { TAB_LIMITS } from './limits.ts';
import { Marks } from './marks.ts';
import { Mirror } from './mirror.ts';
import { Requests } from './requests.ts';
import { Sent } from './sent.ts';
import type { TabParts } from './tab-parts.ts';
import { type ChannelMessage, type FromLeader, type FromTab, type Interest, isFromTab, VERSION } from './wire.ts';
import { errorToWire } from './wire-error.ts';
import { eventFromWire, type WireEvent } from './wire-event.ts';

/** One tab: follows the leader, which may be itself, and takes the lead when the leader is gone or silent. */
export class Tab {
  readonly mirror: Mirror;
  readonly requests: Requests;
  readonly sent: Sent;
  readonly marks: Marks;
  readonly #begun = withResolvers<void>();
  readonly #parts: TabParts;
  readonly #name: string;
  readonly #channel: TabChannel;
  readonly #leadership: Leadership;
  readonly #closing = new AbortController();
  readonly #left = withResolvers<void>();
  #interest: Interest = { isOnline: false, groups: [], presence: [] };
  /** While this tab leads. */
  #host: Host | undefined;
  /** The leader that this tab follows; empty: none yet. */
  #leader = '';
  /** The number of the last event of that leader. */
  #sequence = 0;
  /** The leader whose snapshot is on its way, … */
  #awaited = '';
  /** … since before the last ping. */
  #isLate = false;
  #unanswered = 0;
  #timer: Timer | undefined;
  #forgets = false;

  constructor(parts: TabParts) {
    const { emitter, limits, clock, random, userId, name } = parts;
    this.#parts = parts;
    this.#name = newMessageId(random);
    this.mirror = new Mirror(emitter, limits, clock, userId);
    this.requests = new Requests(limits.maxOutbox, (id, request) => this.#request(id, request));
    this.marks = new Marks(this.mirror, limits.maxReads, (call) => this.tell(call));
    this.sent = new Sent(this.mirror, this.requests, parts);
    // A tab that leads waits for its database.
    clock.after(TAB_LIMITS.beginMs, () => this.#host === undefined && this.#begin());
    this.#channel = parts.channel(name, (message) => this.#received(message as ChannelMessage));
    this.#leadership = new Leadership(parts.locks, name, (lost) => this.#lead(lost));
    this.#leadership.wait();
    this.#ping();
  }

  /** Resolves when the tab has what the leader has, or that takes long. Rejects if it leads and cannot begin. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  get interest(): Interest {
    return this.#interest;
  }

  want(changes: Partial<Interest>): void {
    this.#interest = { ...this.#interest, ...changes };
    if (this.#leader === '') return;
    this.#post({ type: 'interest', tab: this.#name, leader: this.#leader, interest: this.#interest });
  }

  /** A call that is not worth to be repeated: it is dropped while there is no leader. */
  tell(call: Call): void {
    this.#request(0, call);
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#post({ type: 'bye', tab: this.#name });
    this.#timer?.cancel();
    this.#closing.abort();
    const error = new ImError('connection_closed', 'the client was closed');
    this.requests.close({ error: errorToWire(error) });
    this.sent.close(error);
    const { code, message } = error;
    if (this.mirror.state !== 'closed')
      this.mirror.apply({ name: 'state', event: { state: 'closed', reason: { code, message } } });
    this.#begin();
    if (!this.#forgets) this.#leave();
  }

  /** Closes, and removes what the database has when it is this tab's turn. Resolves when that is done. */
  forget(): Promise<void> {
    this.#forgets = !this.#closing.signal.aborted;
    this.close();
    return this.#left.promise;
  }

  async #lead(lost: AbortSignal): Promise<void> {
    const closing = this.#closing.signal;
    const mayWrite = () => this.#leadership.isHeld();
    try {
      if (!closing.aborted) {
        await lead(this.#parts, {
          ...{ lost, closing, mayWrite },
          tell: (message) => this.#tell(message),
          began: (host) => {
            this.#host = host;
          },
          ended: (host) => {
            this.#unanswered = 0;
            if (this.#host === host) this.#host = undefined;
          },
        });
      }
      if (this.#forgets && !lost.aborted) await forget(this.#parts, mayWrite);
    } catch (error) {
      if (lost.aborted) return;
      this.#begun.reject(ImError.from(error));
      this.#parts.emitter.emit('error', ImError.from(error));
      this.close();
    } finally {
      this.#begin();
      if (closing.aborted) this.#leave();
    }
  }

  #begin(): void {
    this.#begun.resolve(undefined);
  }

  #leave(): void {
    this.#leadership.end();
    this.#channel.close();
    this.#left.resolve(undefined);
  }

  /** Asks for a sign of life; without any for long, takes the lead. */
  #ping(): void {
    this.#isLate = true;
    if (this.#host === undefined && this.#unanswered++ >= TAB_LIMITS.maxUnanswered) {
      this.#unanswered = 0;
      this.#leadership.take();
    }
    this.#post({ type: 'ping', tab: this.#name, leader: this.#leader });
    this.#timer = this.#parts.clock.after(TAB_LIMITS.pingMs, () => this.#ping());
  }

  #request(id: number, request: Extract<FromTab, { type: 'request' }>['request']): void {
    if (this.#leader !== '') this.#post({ type: 'request', tab: this.#name, leader: this.#leader, id, request });
  }

  #post(message: FromTab): void {
    if (this.#closing.signal.aborted) return;
    if (this.#host === undefined) this.#channel.post(message);
    else this.#host.receive(message);
  }

  /** As the leader. */
  #tell(message: FromLeader): void {
    if (this.#closing.signal.aborted) return;
    const isForMe = 'to' in message && message.to === this.#name;
    if (!isForMe) this.#channel.post(message);
    if (isForMe || !('to' in message)) this.#heard(message);
  }

  #received(message: ChannelMessage): void {
    if (this.#closing.signal.aborted) return;
    if (isFromTab(message)) this.#host?.receive(message);
    // Another one says that it leads: then this tab learns soon that it does not.
    else if (this.#host === undefined && (!('to' in message) || message.to === this.#name)) this.#heard(message);
  }

  #heard(message: FromLeader): void {
    const { leader } = message;
    if (message.type === 'leads') {
      this.#unanswered = 0;
      const hasAll = leader === this.#leader && message.sequence === this.#sequence;
      if (message.isReady && message.version === VERSION && !hasAll) this.#follow(leader);
    } else if (message.type === 'snapshot') {
      if (leader !== this.#awaited) return;
      this.#awaited = '';
      this.#leader = leader;
      this.#sequence = message.sequence;
      this.mirror.learn(message.snapshot, this.sent.ownKey);
      this.sent.compare();
      this.requests.askAgain();
      this.marks.again();
      this.#begin();
    } else if (leader !== this.#leader) return;
    else if (message.type === 'event') this.#happened(message.sequence, message.event);
    else if (message.type === 'forgot') this.#follow(leader);
    else if (message.type === 'part') this.mirror.learnPart(message.snapshot, this.sent.ownKey);
    else if (message.type === 'queued') this.requests.queued(message.id, message.place);
    else this.requests.answered(message.id, message.outcome);
  }

  #happened(sequence: number, event: WireEvent): void {
    if (sequence === this.#sequence + 1) {
      this.#sequence = sequence;
      const named = eventFromWire(event);
      if (named.name === 'state' && named.event.state === 'closed')
        this.#interest = { ...this.#interest, isOnline: false };
      if (named.name === 'receipt') this.sent.receipt(named.event);
      this.mirror.apply(named);
    } else if (sequence > this.#sequence) this.#follow(this.#leader);
  }

  /** Asks the leader for what it has: it is new, or something was missed. */
  #follow(leader: string): void {
    if (this.#awaited === leader && !this.#isLate) return;
    this.#awaited = leader;
    this.#isLate = false;
    this.#post({ type: 'hello', tab: this.#name, leader, interest: this.#interest, known: this.mirror.known() });
  }
}
