import { defined, isGroupId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { AckBatcher } from './ack-batcher.ts';
import { Alarm } from './alarm.ts';
import { Confirmer } from './confirmer.ts';
import { ConversationStates } from './conversation-states.ts';
import type { Core } from './core.ts';
import type { Groups } from './groups.ts';
import { LogTracker } from './log-tracker.ts';
import { ReadMarks } from './read-marks.ts';
import type { Recalls } from './recalls.ts';
import { Receiver } from './receiver.ts';
import type { SendState } from './send-state.ts';
import type { Sender } from './sender.ts';
import { Syncer } from './syncer.ts';

interface InboxParts {
  core: Core;
  sender: Sender;
  recalls: Recalls;
  groups: Groups;
  sendState: SendState;
}

/** Puts the receiving side together: received updates are shown, then persisted, then acked and confirmed. */
export class Inbox {
  readonly tracker: LogTracker;
  readonly receiver: Receiver;
  readonly syncer: Syncer;
  readonly confirmer: Confirmer;
  readonly readMarks: ReadMarks;
  readonly states: ConversationStates;
  readonly #core: Core;
  readonly #acks = new AckBatcher();
  readonly #settle: Alarm;

  constructor({ core, sender, recalls, groups, sendState }: InboxParts) {
    this.#core = core;
    this.#settle = new Alarm(core.clock, () => this.settle());
    const head = core.durable.head();
    this.tracker = new LogTracker(core.limits.maxAhead, head.position, head.epoch);
    this.readMarks = new ReadMarks(core);
    this.states = new ConversationStates(core, this.tracker, sendState);
    this.receiver = new Receiver(core, this.tracker, {
      isOwnUnstored: (frame) => sender.isUnstored(frame),
      own: (frame) => sender.cameBack(frame),
      receipt: (frame) => sender.receipt(frame),
      happened: (frame) => {
        if (frame.type === 'membership') groups.membership(frame);
      },
      read: (frame) => {
        this.#read(frame);
        if (isGroupId(frame.conversationId)) groups.heads.read(frame.conversationId, frame.upTo);
      },
      conversationState: (frame) => this.states.updated(frame),
      recalled: (messageId) => recalls.done(messageId),
      dropped: () => undefined,
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
      gapMs: core.limits.gapMs,
      idleSyncMs: core.limits.idleSyncMs,
      checkMs: core.limits.provisionalGraceMs,
    });
    this.confirmer = new Confirmer(core);
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
  settle(then: () => void = () => this.confirmer.moved()): void {
    this.#settle.clear();
    const { durable, shown, userId } = this.#core;
    const { position, epoch } = this.tracker;
    shown.covered(null, position);
    durable.noteHead({ userId, position, ...defined({ epoch }) });
    const acks = this.#acks.take();
    durable.flush(() => {
      if (this.#core.userId !== userId) return;
      for (const ack of acks) this.#core.transmit(ack);
      then();
    });
  }

  #read({ conversationId, upTo, position }: ServerFrameOf<'read'>): void {
    this.readMarks.known(conversationId, upTo);
    const view = this.#core.timeline.of(conversationId);
    if (upTo > view.readUpTo) this.states.read(view, position);
  }

  #caughtUp(): void {
    this.settle(() => this.confirmer.now());
    this.readMarks.resend();
    this.#core.emitter.emit('synced', { position: this.tracker.position });
  }
}
