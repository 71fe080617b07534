import { defined, isGroupId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { AckBatcher } from './ack-batcher.ts';
import { Alarm } from './alarm.ts';
import { Confirmer } from './confirmer.ts';
import type { Core } from './core.ts';
import type { Groups } from './groups.ts';
import { InboxTracker } from './inbox-tracker.ts';
import { ReadMarks } from './read-marks.ts';
import type { Recalls } from './recalls.ts';
import { Receiver } from './receiver.ts';
import type { Sender } from './sender.ts';
import { Syncer } from './syncer.ts';

/** Puts the receiving side together: received updates are shown, then persisted, then acked and confirmed. */
export class Inbox {
  readonly tracker: InboxTracker;
  readonly receiver: Receiver;
  readonly syncer: Syncer;
  readonly confirmer: Confirmer;
  readonly readMarks: ReadMarks;
  readonly #core: Core;
  readonly #acks = new AckBatcher();
  readonly #settle: Alarm;

  constructor(core: Core, sender: Sender, recalls: Recalls, groups: Groups) {
    this.#core = core;
    this.#settle = new Alarm(core.clock, () => this.settle());
    const head = core.durable.head();
    this.tracker = new InboxTracker(core.limits.maxAhead, head.position, head.epoch);
    this.readMarks = new ReadMarks(core);
    this.receiver = new Receiver(core, this.tracker, {
      isOwnUnstored: (frame) => sender.isUnstored(frame),
      own: (frame) => sender.cameBack(frame),
      receipt: (frame) => sender.receipt(frame),
      read: (conversationId, upTo) => {
        this.readMarks.known(conversationId, upTo);
        if (isGroupId(conversationId)) groups.heads.read(conversationId, upTo);
      },
      happened: (frame) => {
        if (frame.type === 'membership') groups.membership(frame);
      },
      recalled: (messageId) => recalls.done(messageId),
      ack: ({ conversationId, messageId }) => this.#acks.add(conversationId, messageId),
      missing: (soon) => (soon ? this.syncer.request() : this.syncer.gapNoticed()),
      moved: () => this.#settle.set(core.limits.ackDelayMs),
      provisional: () => this.syncer.provisionalShown(),
    });
    this.syncer = new Syncer(core, this.tracker, this.receiver, {
      group: null,
      ref: '#sync/',
      ask: (request) => void core.transmit({ type: 'sync_offline_messages', ...request }),
      caughtUp: () => this.#caughtUp(),
      refused: (error) => core.emitter.emit('error', error),
      idleSyncMs: core.limits.idleSyncMs,
    });
    this.confirmer = new Confirmer(core, this.tracker);
  }

  page(frame: ServerFrameOf<'offline_messages'>): void {
    this.syncer.page(frame);
    this.#settle.set(this.#core.limits.ackDelayMs);
  }

  offline(): void {
    this.settle();
    this.#acks.clear();
    this.syncer.offline();
    this.confirmer.offline();
  }

  /** Another user logged in: nothing of this inbox belongs to them. */
  forget(): void {
    this.tracker.restart(0, undefined);
    this.readMarks.clear();
    this.#acks.clear();
  }

  /** Persists the shown messages and the position; then acks and confirms them. */
  settle(): void {
    this.#settle.clear();
    const { durable, shown, userId } = this.#core;
    const { position, epoch } = this.tracker;
    shown.covered(null, position);
    durable.noteHead({ userId, position, ...defined({ epoch }) });
    durable.flush();
    for (const ack of this.#acks.take()) this.#core.transmit(ack);
    this.confirmer.moved();
  }

  #caughtUp(): void {
    this.settle();
    this.confirmer.now();
    this.readMarks.resend();
    this.#core.emitter.emit('synced', { position: this.tracker.position });
  }
}
