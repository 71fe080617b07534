import type { LogEntry } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';
import type { History } from '../history.ts';
import { type Violation, violation } from '../violation.ts';
import type { GroupEvidence, SentFrame } from './evidence.ts';
import { type GroupOutcome, isWithin } from './outcome.ts';

/** Something of a group's log that a frame brought to a device. */
interface Brought {
  /** Absent: the frame does not say, as the place was not known yet. */
  position?: number | undefined;
  messageId?: string | undefined;
  version?: number | undefined;
}

/** C18: what a frame says to be at a position is there in the log. */
export function checkPaths(sent: readonly SentFrame[], { group, entries }: GroupOutcome): Violation[] {
  const faults: Violation[] = [];
  for (const { device, frame } of sent) {
    for (const { position, messageId, version } of brought(frame, group.conversationId)) {
      if (position === undefined) continue;
      const entry = entries[position - 1];
      const isRight =
        entry !== undefined &&
        (messageId === undefined || ('messageId' in entry && entry.messageId === messageId)) &&
        (version === undefined || ('version' in entry && entry.version === version));
      if (isRight) continue;
      const what = `${messageId ?? `version ${version}`} of ${group.conversationId} at ${position}`;
      faults.push(
        violation('C18', `${device} was sent ${what} in ${frame.type}, the log has ${JSON.stringify(entry)}`),
      );
    }
  }
  return faults;
}

/**
 * C20: a frame brings only what belongs to a stay of the user, or, where newcomers may read the history, came before
 * the end of one. What follows a removal may still reach the user until the removal is acked.
 */
export function checkVisibility(
  { history, sent, blind, slackMs }: Pick<GroupEvidence, 'history' | 'sent' | 'blind' | 'slackMs'>,
  outcome: GroupOutcome,
): Violation[] {
  const { group, entries, members } = outcome;
  const id = group.conversationId;
  const positions = new Map(
    entries.flatMap((entry) => (entry.type === 'message' ? [[entry.messageId as string, entry.position]] : [])),
  );
  const isShownToNewcomers = showsHistory(history, outcome);
  const calls = callsOn(history, id);
  const ackedAt = (version: number, user: string) =>
    Math.min(...calls.filter((one) => one.version === version && one.users.includes(user)).map(({ at }) => at));
  const askedAt = (version: number) =>
    Math.min(...calls.filter((one) => one.version === version).map((call) => call.askedAt));
  const versionAt = (position: number) => versionOf(entries[position - 1]);
  const isBlind = (at: number) => blind.some(({ from, to }) => at >= from && at <= to);
  const faults: Violation[] = [];
  for (const { at, device, user, frame } of sent) {
    const intervals = members.get(user)?.intervals ?? [];
    for (const { position: told, messageId = '' } of brought(frame, id)) {
      const position = told ?? positions.get(messageId);
      if (position === undefined || isWithin(intervals, position)) continue;
      const before = intervals.findLast(({ upTo }) => upTo !== undefined && upTo < position);
      const after = intervals.find((interval) => interval.after >= position);
      const isLate = before?.upTo === undefined || at > ackedAt(versionAt(before.upTo), user) + slackMs;
      const isBack = after !== undefined && isShownToNewcomers && at >= askedAt(versionAt(after.after + 1));
      if (!isLate || isBack || isBlind(at)) continue;
      const text = `${device} was sent position ${position} of ${id} in ${frame.type} at ${at}, outside the stays of ${user}`;
      faults.push(violation('C20', `${text}: ${JSON.stringify(intervals)}`));
    }
  }
  return faults;
}

/** The changes of a group that were answered as applied, when they were asked for and answered. */
function callsOn(history: History, id: string) {
  const asked = new Map(history.of('asked').map((record) => [record.key, record]));
  return history.of('answered').flatMap(({ key, at, version, users, refusal }) => {
    const call = asked.get(key);
    if (call?.group !== id || refusal !== null) return [];
    return [{ at, version, users: users as readonly string[], askedAt: call.at }];
  });
}

/** Whether newcomers may or might read what was there before them, at any time. */
function showsHistory(history: History, { group, entries }: GroupOutcome): boolean {
  const made = history
    .of('asked')
    .find((record) => record.change === 'create' && record.group === group.conversationId);
  const { settings = {} } = (made?.details ?? {}) as { settings?: { history?: string } };
  if ((settings.history ?? 'all') === 'all') return true;
  return entries.some((entry) => entry.type === 'notice' && entry.values?.settings?.history === 'all');
}

function versionOf(entry: LogEntry | undefined): number {
  return entry?.type === 'notice' ? entry.version : -1;
}

/** What a frame brings of a group's log. */
function brought(frame: ServerFrame, id: string): Brought[] {
  if (frame.type === 'groups') {
    const head = frame.groups.find(({ conversationId }) => conversationId === id);
    return head?.preview ? [{ messageId: head.lastMessageId }] : [];
  }
  if (!('conversationId' in frame) || frame.conversationId !== id) return [];
  if (frame.type === 'log_updates') return frame.updates.flatMap((update) => brought(update, id));
  if (frame.type === 'stored_messages')
    return frame.messages.map(({ position, messageId }) => ({ position, messageId }));
  if (frame.type === 'notice') return [{ position: frame.position, version: frame.version }];
  if (frame.type === 'chat' || frame.type === 'recall' || frame.type === 'action' || frame.type === 'server_ack') {
    return [{ position: frame.position, messageId: frame.messageId }];
  }
  return [];
}
