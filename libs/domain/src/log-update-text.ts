import type { ActionUpdate, LogUpdate } from './log-update.ts';
import { ACTION_NAMES, type ActionName } from './message-action.ts';

/** An action as logs store it. Recalls of releases up to 0.1 have no revision. */
type StoredAction = Omit<ActionUpdate, 'type' | 'action' | 'revision'> & { type: ActionName; revision?: number };

/**
 * The JSON text of an update, for logs that processes of several releases read. The type of an action is its name: a
 * recall is written as releases up to 0.1 write it, and a process that does not know an action passes the update on.
 */
export function encodeLogUpdate(update: LogUpdate): string {
  if (update.type !== 'action') return JSON.stringify(update);
  const { action, ...others } = update;
  return JSON.stringify({ ...others, type: action } satisfies StoredAction);
}

/** Parses the JSON text of an update as a log stores it, also as earlier releases wrote it. */
export function parseLogUpdate(json: string): LogUpdate {
  const update = JSON.parse(json) as LogUpdate | StoredAction;
  if (!isStoredAction(update)) return update;
  const { type: action, revision = 1, ...others } = update;
  return { ...others, type: 'action', action, revision };
}

function isStoredAction(update: LogUpdate | StoredAction): update is StoredAction {
  return ACTION_NAMES.some((name) => name === update.type);
}
