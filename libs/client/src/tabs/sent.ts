import { type Clock, ImError, type Random } from '@chasqui/domain';
import { serverError } from '../connection/server-error.ts';
import { pendingKey, stateRank } from '../conversations/chat-message.ts';
import { addressOf } from '../conversations/direct.ts';
import type { GroupEvents } from '../events.ts';
import type { GroupSupport } from '../parts.ts';
import { checkOutgoing } from '../sending/check-outgoing.ts';
import { Followed } from '../sending/followed.ts';
import type { MessageToSend } from '../sending/message-to-send.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import { type Outgoing, OutgoingMessage } from '../sending/outgoing.ts';
import { messageOf } from '../sending/unsent.ts';
import type { Mirror, OwnKey } from './mirror.ts';
import type { Requests } from './requests.ts';
import type { TabParts } from './tab-parts.ts';
import type { MessagePlace, Outcome } from './wire.ts';

/** The server's default: what the leader refuses beyond it fails a little later. */
const MAX_CONTENT_BYTES = 32 * 1024;

type SentParts = Pick<TabParts, 'clock' | 'random' | 'limits' | 'groups'>;

/** The messages that one tab sends: shown at once, and asked of each leader until one says that they are stored. */
export class Sent {
  readonly #mirror: Mirror;
  readonly #requests: Requests;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #groups: GroupSupport | undefined;
  readonly #followed: Followed;
  /** Where each is shown until a leader has it. */
  readonly #asked = new Map<string, string>();
  #order = 0;

  constructor(mirror: Mirror, requests: Requests, { clock, random, limits, groups }: SentParts) {
    this.#mirror = mirror;
    this.#requests = requests;
    this.#clock = clock;
    this.#random = random;
    this.#groups = groups;
    this.#followed = new Followed(limits.maxFollowed);
  }

  send(message: MessageToSend): Outgoing {
    const { content, mentions, clientMessageId = newMessageId(this.#random) } = message;
    const { timeline, userId } = this.#mirror;
    const to = addressOf(userId, message);
    const known = this.#followed.get(clientMessageId);
    if (known !== undefined) return known;
    const outgoing = new OutgoingMessage(clientMessageId, to);
    const checked = { to, content, clientMessageId, ...(mentions && { mentions }) };
    const error = this.#requests.isFull
      ? new ImError('overloaded', 'too many requests are waiting')
      : checkOutgoing(checked, { userId, maxContentBytes: MAX_CONTENT_BYTES, groups: this.#groups });
    if (error !== null) {
      outgoing.fail(error);
      return outgoing;
    }
    // What the application gave may change later, and the browser may be unable to copy it.
    const asked: MessageToSend & { clientMessageId: string } = JSON.parse(
      JSON.stringify({ ...message, clientMessageId }),
    );
    this.#followed.add(outgoing);
    const shown = messageOf(
      { ...checked, ...asked, to, order: ++this.#order, createdAt: this.#clock.now() },
      { timeline, userId },
    );
    // After those that the leader has.
    const sortKey = `~${pendingKey(this.#order)}`;
    this.#asked.set(clientMessageId, sortKey);
    this.#mirror.place({ ...shown, sortKey });
    const queued = (place: MessagePlace) => this.#followed.advance(outgoing, 'queued', place);
    this.#requests.add({ name: 'send', message: asked }, (outcome) => this.#answered(outgoing, to, outcome), queued);
    return outgoing;
  }

  readonly ownKey: OwnKey = (clientMessageId) => this.#asked.get(clientMessageId);

  receipt(receipt: GroupEvents['receipt']): void {
    this.#followed.receipt(receipt);
  }

  /** Receipts may have been missed. */
  compare(): void {
    for (const outgoing of this.#followed.all()) {
      const { conversationId, messageId, state: old } = outgoing;
      if (conversationId === '' || messageId === '') continue;
      const state = this.#mirror.timeline.of(conversationId).find(messageId)?.state ?? 'sending';
      const isReceipt = state === 'unread' || state === 'delivered' || state === 'read';
      if (isReceipt && stateRank(state) > stateRank(old))
        this.#followed.advance(outgoing, state, { conversationId, messageId });
    }
  }

  /** In the order of sending. */
  all(): Outgoing[] {
    return this.#followed.all();
  }

  close(error: ImError): void {
    for (const outgoing of this.#followed.all()) outgoing.abandon(error);
  }

  #answered(outgoing: OutgoingMessage, to: string, outcome: Outcome): void {
    this.#asked.delete(outgoing.clientMessageId);
    if ('error' in outcome) {
      this.#followed.remove(outgoing);
      outgoing.fail(serverError(outcome.error));
      this.#mirror.refused(to, outgoing.clientMessageId, outcome.error.code);
      return;
    }
    if ('place' in outcome) this.#followed.advance(outgoing, 'stored', outcome.place);
  }
}
