import { defined, isGroupId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from './basics/alarm.ts';
import type { Core } from './core.ts';
import type { GroupPart } from './groups/group-part.ts';
import { AckBatcher } from './receiving/ack-batcher.ts';
import { Confirmer } from './receiving/confirmer.ts';
import { type DeviceLog, deviceLog } from './receiving/device-log.ts';
import { ReadMarks } from './receiving/read-marks.ts';
import type { StatePart } from './states/state-part.ts';

/** Puts the receiving side together: received updates are shown, then persisted, then acked and confirmed. */
export class Inbox {
  readonly log: DeviceLog;
  readonly confirmer: Confirmer;
  readonly readMarks: ReadMarks;
  /** It follows the inbox. */
  states: StatePart | undefined;
  readonly #core: Core;
  readonly #acks = new AckBatcher();
  readonly #settle: Alarm;

  constructor(core: Core, groups: GroupPart | undefined) {
    this.#core = core;
    this.#settle = new Alarm(core.clock, () => this.settle());
    this.log = deviceLog(core, {
      group: null,
      at: core.durable.head(),
      ref: '#sync/',
      ask: (request) => void core.transmit({ type: 'sync_offline_messages', ...request }),
      caughtUp: () => this.#caughtUp(),
      refused: (error) => core.emitter.emit('error', error),
      ...core.limits,
      checkMs: core.limits.provisionalGraceMs,
      happened: (frame) => {
        if (frame.type === 'membership') groups?.membership(frame);
      },
      read: (frame) => {
        this.#read(frame);
        if (isGroupId(frame.conversationId)) groups?.read(frame.conversationId, frame.upTo);
      },
      conversationState: (frame) => this.states?.updated(frame),
      ack: ({ conversationId, messageId }) => this.#acks.add(conversationId, messageId),
      moved: () => this.#settle.set(core.limits.ackDelayMs),
    });
    this.readMarks = new ReadMarks(core);
    this.confirmer = new Confirmer(core);
  }

  page(frame: ServerFrameOf<'offline_messages'>): void {
    this.log.syncer.page(frame);
    this.#settle.set(this.#core.limits.ackDelayMs);
  }

  offline(): void {
    this.settle();
    this.#acks.take();
    this.log.syncer.offline();
    this.confirmer.offline();
  }

  /** Another user logged in: nothing of this inbox belongs to them. */
  forget(): void {
    this.log.tracker.restart(0, undefined);
    this.readMarks.clear();
    this.#acks.take();
  }

  /** Persists the shown messages and the position; then acks and confirms them. */
  settle(then: () => void = () => this.confirmer.moved()): void {
    this.#settle.clear();
    const { durable, shown, userId } = this.#core;
    const { position, epoch } = this.log.tracker;
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
    if (upTo > view.readUpTo) this.states?.read(view, position);
  }

  #caughtUp(): void {
    this.settle(() => this.confirmer.now());
    this.readMarks.resend();
    this.#core.emitter.emit('synced', { position: this.log.tracker.position });
  }
}
