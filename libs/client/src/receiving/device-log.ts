import type { ConversationId, Position } from '@chasqui/domain';
import type { Core } from '../core.ts';
import { LogTracker } from './log-tracker.ts';
import { Receiver, type ReceiverHandlers } from './receiver.ts';
import { type SyncedLog, Syncer } from './syncer.ts';

export interface DeviceLogOptions extends Omit<SyncedLog, 'group'>, Omit<ReceiverHandlers, 'missing' | 'provisional'> {
  /** The group whose log it is; null: the inbox. */
  group: ConversationId | null;
  /** Where this device was; undefined: nowhere yet. */
  at: { position: Position; epoch?: string } | undefined;
}

/** A log on this device: how far it has come, how its updates are shown, and how what is missing is requested. */
export interface DeviceLog {
  readonly tracker: LogTracker;
  readonly receiver: Receiver;
  readonly syncer: Syncer;
}

export function deviceLog(core: Core, options: DeviceLogOptions): DeviceLog {
  const { at, group } = options;
  const tracker = new LogTracker(core.limits.maxAhead, at?.position, at?.epoch);
  const handlers: ReceiverHandlers = {
    ...options,
    missing: (soon) => (soon ? syncer.request() : syncer.gapNoticed()),
    provisional: () => syncer.provisionalShown(),
  };
  const receiver = new Receiver(core, tracker, handlers, group);
  const syncer = new Syncer(core, tracker, receiver, options);
  return { tracker, receiver, syncer };
}
