import { defaultSettings, type GroupSettings, type LogEntry, type Role, type StoredMessage } from '@chasqui/domain';
import type { History } from '../history.ts';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { GroupOutcome } from './outcome.ts';

/** A group as its log has it at some position. */
interface Replayed {
  roles: Map<string, Role>;
  mutedUntil: Map<string, number>;
  settings: GroupSettings;
  isDissolved: boolean;
}

/** C18: each sender was allowed to post at that place of the log, and the stays of members are those of its notices. */
export function checkAuthority(history: History, outcome: GroupOutcome): Violation[] {
  const { group, entries, members, messages } = outcome;
  const id = group.conversationId;
  const made = history.of('asked').find((record) => record.change === 'create' && record.group === id);
  const details = (made?.details ?? {}) as { settings?: Partial<GroupSettings> };
  const state: Replayed = {
    roles: new Map(),
    mutedUntil: new Map(),
    settings: { ...defaultSettings(0), ...details.settings },
    isDissolved: false,
  };
  const kept = new Map(messages.map((message) => [message.messageId as string, message]));
  const faults: Violation[] = [];
  for (const entry of entries) {
    if (entry.type === 'notice') apply(state, entry);
    const message = entry.type === 'message' ? kept.get(entry.messageId) : undefined;
    const reason = message && refusal(state, message);
    if (message === undefined || reason === null) continue;
    const identity = identityOf(message.from, message.clientMessageId);
    faults.push(violation('C18', `${identity} is in ${id} at ${entry.position}, where its sender ${reason}`, identity));
  }
  for (const [user, { intervals }] of members) {
    const now = intervals.at(-1)?.upTo === undefined;
    // The last member of a group dissolves it by leaving.
    if (now === state.roles.has(user) || state.isDissolved) continue;
    faults.push(violation('C18', `${user} is ${now ? '' : 'not '}a member of ${id}, its log says otherwise`));
  }
  return faults;
}

function refusal({ roles, mutedUntil, settings, isDissolved }: Replayed, message: StoredMessage): string | null {
  const role = roles.get(message.from);
  if (isDissolved) return 'was in no group any more';
  if (role === undefined) return 'was no member';
  if ((mutedUntil.get(message.from) ?? 0) > message.sentAt) return 'was muted';
  if (role !== 'member') return null;
  if (settings.post === 'admins') return 'might not post';
  return settings.mentionAll === 'admins' && message.mentions === 'all' ? 'might not mention all' : null;
}

type Notice = Extract<LogEntry, { type: 'notice' }>;

function apply(state: Replayed, { notice, by, users = [], values = {} }: Notice): void {
  const { roles, mutedUntil, settings } = state;
  if (notice === 'created') roles.set(by, 'owner');
  if (notice === 'dissolved') state.isDissolved = true;
  for (const user of users) {
    if (notice === 'created' || notice === 'joined') roles.set(user, 'member');
    if (notice === 'removed' || notice === 'left') roles.delete(user);
    if (notice === 'role') roles.set(user, values.role ?? 'member');
    if (notice === 'muted') mutedUntil.set(user, values.until ?? 0);
    if (notice === 'owner') {
      roles.set(by, 'admin');
      roles.set(user, 'owner');
    }
    if (notice === 'owner' || values.role === 'admin') mutedUntil.delete(user);
  }
  Object.assign(settings, values.settings);
}
