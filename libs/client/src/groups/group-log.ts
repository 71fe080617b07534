import { BoundedMap, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import { keyOfId } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import { type DeviceLog, type DeviceLogOptions, deviceLog } from '../receiving/device-log.ts';
import type { LogTracker } from '../receiving/log-tracker.ts';
import type { Receiver } from '../receiving/receiver.ts';
import type { Syncer } from '../receiving/syncer.ts';
import { forgetMessages } from '../timeline/forget-messages.ts';
import type { GroupHead, Notice } from './group-news.ts';
import type { LogPosition } from './stored-groups.ts';

/** Readers whose marks are kept: no larger group tells them. */
const MAX_MARKS = 100;

export interface GroupLogOptions extends Pick<DeviceLogOptions, 'recalled' | 'dropped' | 'happened' | 'moved'> {
  /** Where the device was when the group was last open. */
  kept: LogPosition | undefined;
  /** Begins the refs of requests. */
  ref: string;
  /** The server says that the log is not the user's to read. */
  refused(): void;
}

/** The log of one open group, synced like the inbox. */
export class GroupLog {
  readonly #log: DeviceLog;
  readonly #marks = new BoundedMap<UserId, MessageId>(MAX_MARKS);
  readonly #core: Core;
  readonly #group: ConversationId;
  /** False until the device has a position in the log. */
  #hasPosition: boolean;
  #isOnline = false;
  #notices: readonly Notice[] = [];

  constructor(core: Core, group: ConversationId, { kept, ...options }: GroupLogOptions) {
    this.#core = core;
    this.#group = group;
    this.#hasPosition = kept !== undefined;
    this.#log = deviceLog(core, {
      ...options,
      group,
      at: kept,
      ask: (request) => void core.transmit({ type: 'sync', conversationId: group, ...request }),
      caughtUp: options.moved,
      gapMs: core.limits.groupGapMs,
      idleSyncMs: 0,
      checkMs: core.limits.groupCheckMs * (0.5 + core.random() / 2),
    });
  }

  get tracker(): LogTracker {
    return this.#log.tracker;
  }

  get receiver(): Receiver {
    return this.#log.receiver;
  }

  get syncer(): Syncer {
    return this.#log.syncer;
  }

  /** The marks of other members, as far as they came live. */
  get readMarks(): ReadonlyMap<UserId, MessageId> {
    return new Map(this.#marks);
  }

  /** In the order of the log; a new array with each change. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** Whether the device has a position here that is to be kept. */
  get hasPosition(): boolean {
    return this.#hasPosition;
  }

  online(head: GroupHead | undefined): void {
    this.#isOnline = true;
    if (this.#hasPosition) this.syncer.online();
    else if (head !== undefined) this.head(head);
  }

  offline(): void {
    this.#isOnline = false;
    this.syncer.offline();
  }

  /** The server told where the log ends: syncs what is missing, or begins near the end. */
  head({ head, epoch }: GroupHead): void {
    const { maxGroupBehind, groupStart } = this.#core.limits;
    const { position, epoch: known = epoch } = this.tracker;
    if (!this.#hasPosition) this.#begin(head - groupStart, epoch);
    else if (known !== epoch) this.#begin(head - maxGroupBehind, epoch);
    else if (head - position > maxGroupBehind) this.#begin(head - groupStart, epoch);
    if (!this.#isOnline) return;
    if (!this.syncer.isOnline) this.syncer.online();
    else if (head > this.tracker.position || epoch !== this.tracker.epoch) this.syncer.request();
  }

  readBy(userId: UserId, upTo: MessageId): void {
    if (upTo > (this.#marks.get(userId) ?? '')) this.#marks.set(userId, upTo);
  }

  noted(notice: Notice): void {
    const { maxNotices } = this.#core.limits;
    const place = ({ position = Number.POSITIVE_INFINITY }: Notice) => position;
    this.#notices = [...this.#notices, notice].sort((a, b) => place(a) - place(b)).slice(-maxNotices);
  }

  /** What is between the former position and this one is left to the history. */
  #begin(from: number, epoch: string): void {
    const position = Math.max(0, from);
    const { shown, timeline, durable } = this.#core;
    this.syncer.offline();
    shown.covered(this.#group, Number.POSITIVE_INFINITY);
    durable.keeper?.forget(keyOfId(this.#group));
    if (position > 0) forgetMessages(timeline, keyOfId(this.#group));
    this.#notices = [];
    this.tracker.restart(position, epoch);
    this.#hasPosition = true;
  }
}
