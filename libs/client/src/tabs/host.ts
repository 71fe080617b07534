import type { Clock, ConversationId } from '@chasqui/domain';
import type { GroupEvents } from '../events.ts';
import type { MessageToSend } from '../sending/message-to-send.ts';
import { answerOf, type LedClient } from './calls.ts';
import type { Fence } from './fence.ts';
import { Interests } from './interests.ts';
import { isSettled } from './is-settled.ts';
import { groupSnapshot, snapshotOf } from './snapshot.ts';
import { type FromLeader, type FromTab, type Outcome, type Request, VERSION } from './wire.ts';
import { errorToWire } from './wire-error.ts';
import { EVENT_NAMES, eventToWire, type NamedEvent } from './wire-event.ts';

/** The leader's part: has the client, tells all tabs its events, and does what they ask for. */
export class Host {
  /** Names this time of leading. */
  readonly id: string;
  readonly #tell: (message: FromLeader) => void;
  readonly #fence: Fence;
  readonly #interests: Interests;
  #client: LedClient | undefined;
  #sequence = 0;
  #open: ReadonlySet<ConversationId> = new Set();
  #watched = '';
  #isOver = false;

  constructor(id: string, clock: Clock, fence: Fence, tell: (message: FromLeader) => void) {
    this.id = id;
    this.#fence = fence;
    this.#interests = new Interests(clock);
    this.#tell = (message) => this.#isOver || tell(message);
    this.announce();
  }

  /** Tells the tabs who leads; without a client, only that somebody does. */
  announce(): void {
    const isReady = this.#client !== undefined;
    this.#tell({ type: 'leads', leader: this.id, version: VERSION, isReady, sequence: this.#sequence });
  }

  start(client: LedClient): void {
    this.#client = client;
    for (const name of EVENT_NAMES) {
      client.on(name, (event: GroupEvents[typeof name]) => this.#happened({ name, event } as NamedEvent));
    }
    this.announce();
  }

  receive(message: FromTab): void {
    const doubt = this.#fence.passed();
    if (doubt === undefined) this.#receive(message);
    else void doubt.then(() => this.#receive(message));
  }

  /** Nothing more is told. */
  end(): void {
    this.#isOver = true;
  }

  #receive(message: FromTab): void {
    const client = this.#client;
    if (this.#isOver) return;
    if (message.type === 'ping') {
      const { tab, leader } = message;
      if (this.#interests.heard(tab)) this.#serve();
      this.announce();
      if (leader === this.id && this.#interests.of(tab) === undefined) {
        this.#tell({ type: 'forgot', leader, to: tab });
      }
    } else if (message.type === 'bye') {
      this.#interests.delete(message.tab);
      this.#serve();
    } else if (message.leader !== this.id || client === undefined) return;
    else if (message.type === 'hello') {
      this.#interests.set(message.tab, message.interest);
      this.#serve(message.interest.presence.length > 0);
      const snapshot = snapshotOf(client, message.known, this.#open);
      this.#tell({ type: 'snapshot', leader: this.id, to: message.tab, sequence: this.#sequence, snapshot });
    } else if (message.type === 'interest') {
      const { groups = [], presence = [] } = this.#interests.of(message.tab) ?? {};
      this.#interests.set(message.tab, message.interest);
      this.#serve(presence.join() !== message.interest.presence.join());
      for (const group of message.interest.groups) {
        if (groups.includes(group)) continue;
        this.#tell({ type: 'part', leader: this.id, to: message.tab, snapshot: groupSnapshot(client, group) });
      }
    } else this.#answer(client, message.tab, message.id, message.request);
  }

  #happened(named: NamedEvent): void {
    const isEnd = named.name === 'kicked' || (named.name === 'state' && named.event.state === 'closed');
    if (!isEnd) this.#tellEvent(named);
    // The session of a tab that was suspended has been replaced by that of the tab that leads now.
    else void this.#fence.ask().then(() => this.#tellEvent(named));
  }

  #tellEvent(named: NamedEvent): void {
    if (named.name === 'state' && named.event.state === 'closed') this.#interests.ended();
    this.#tell({ type: 'event', leader: this.id, sequence: ++this.#sequence, event: eventToWire(named) });
  }

  /** Gives the client what all tabs want together. `isNew`: a tab has to learn who is present. */
  #serve(isNew = false): void {
    const client = this.#client;
    if (client === undefined) return;
    const wanted = this.#interests.groups;
    for (const group of this.#open) if (!wanted.has(group)) client.closeGroup?.(group);
    for (const group of wanted) if (!this.#open.has(group)) client.openGroup?.(group);
    this.#open = wanted;
    const { presence } = this.#interests;
    if (isNew || presence.join() !== this.#watched) client.subscribePresence(presence);
    this.#watched = presence.join();
    if (this.#interests.isOnline && client.state === 'closed') client.connect().catch(() => undefined);
  }

  #answer(client: LedClient, to: string, id: number, request: Request): void {
    const answer = (outcome: Outcome) => this.#tell({ type: 'answer', leader: this.id, to, id, outcome });
    const failed = (error: unknown) => answer({ error: errorToWire(error) });
    if (request.name !== 'send') {
      answerOf(client, request).then((result) => answer({ result }), failed);
      return;
    }
    const { message } = request;
    const stored = storedBefore(client, message);
    if (stored !== undefined) {
      const { conversationId, messageId } = stored;
      answer({ place: { conversationId, messageId } });
      return;
    }
    const outgoing = client.send(message);
    const place = (messageId: string) => ({ conversationId: outgoing.conversationId, messageId });
    outgoing.queued.then(
      ({ messageId }) => this.#tell({ type: 'queued', leader: this.id, to, id, place: place(messageId) }),
      () => undefined,
    );
    outgoing.stored.then(({ messageId }) => answer({ place: place(messageId) }), failed);
  }
}

/** A message that an earlier leader has sent. */
function storedBefore(client: LedClient, { to, conversationId, clientMessageId }: MessageToSend) {
  const name = to ?? (conversationId === undefined ? undefined : { conversationId });
  if (name === undefined) return undefined;
  const { messages } = client.conversation(name);
  return messages.findLast((each) => each.mine && each.clientMessageId === clientMessageId && isSettled(each));
}
