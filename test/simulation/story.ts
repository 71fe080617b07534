import type { HistoryRecord, Identity } from '../checker/index.ts';
import { tellStep } from './plan.ts';
import type { RunResult } from './run-plan.ts';

/** The number of violations that are reported in full. */
const MAX_VIOLATIONS = 8;

/** The violations, the steps that led to them, and all recorded events of the messages concerned. */
export function tellStory({ plan, violations, history }: RunResult): string {
  const first = violations[0];
  const identities = first?.identities ?? [];
  return [
    `seed ${plan.seed}: ${violations.length} violations`,
    ...violations.slice(0, MAX_VIOLATIONS).map(({ contract, text }) => `  ${contract}: ${text}`),
    `the steps that are needed (${plan.users.map(({ user, devices }) => `${user}: ${devices.join(', ')}`).join('; ')}):`,
    ...plan.steps.map((step) => `  ${tellStep(step)}`),
    `what was seen of ${identities.join(' and ') || 'the devices'}:`,
    ...history.about(identities).map((record) => `  ${tellRecord(record)}`),
    ...states(history.records, identities).map((line) => `  ${line}`),
  ].join('\n');
}

function tellRecord({ at, type, ...rest }: HistoryRecord): string {
  return `${String(at).padStart(6)} ms  ${type} ${JSON.stringify(rest)}`;
}

/** The changes of each message's state on each screen. */
function states(records: readonly HistoryRecord[], identities: readonly Identity[]): string[] {
  const lines: string[] = [];
  const last = new Map<string, string>();
  for (const record of records) {
    if (record.type !== 'viewed') continue;
    for (const { identity, messageId, state, provisional } of record.items) {
      const key = `${record.device} shows ${identity}`;
      const now = `${messageId} ${state}${provisional ? ' (provisional)' : ''}`;
      if (!identities.includes(identity) || last.get(key) === now) continue;
      last.set(key, now);
      lines.push(`${String(record.at).padStart(6)} ms  ${key}: ${now}`);
    }
  }
  return lines;
}
