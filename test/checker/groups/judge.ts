import { defined, isCurrent, type LogEntry } from '@chasqui/domain';
import { checkAcks } from '../checks/acks.ts';
import { checkNothingTwice } from '../checks/kept.ts';
import { checkAnswers, checkOrder } from '../checks/order.ts';
import { checkScreens, checkShownOnce } from '../checks/screens.ts';
import type { KeptUpdate, Outcome } from '../outcome.ts';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import { checkAuthority } from './check-authority.ts';
import { checkCosts } from './check-costs.ts';
import { checkCounts, checkMarks } from './check-counts.ts';
import { checkFates, checkLog } from './check-log.ts';
import { checkPaths, checkVisibility } from './check-paths.ts';
import { checkReading } from './check-reading.ts';
import type { GroupDevice, GroupEvidence } from './evidence.ts';
import { type GroupEngines, type GroupOutcome, gatherGroup, isWithin } from './outcome.ts';

/** The violations of C18–C22, and of C1–C7 and C13 in groups, in a cluster that has settled. */
export async function judgeGroups(evidence: GroupEvidence): Promise<Violation[]> {
  const { history, sent, groups, devices, engines, writeDownMs } = evidence;
  const users = [...new Set(devices.map(({ user }) => user))];
  const gathered = await Promise.all(groups.map((group) => gatherGroup(engines, group, users)));
  const outcomes = gathered.filter((outcome) => outcome !== null);
  const outcome = { ...asOutcome(devices, users, outcomes), ...defined({ hidden: evidence.hidden }) };
  return [
    ...outcomes.flatMap((one) => [
      ...checkLog(one),
      ...checkAuthority(history, one),
      ...checkPaths(sent, one),
      ...checkVisibility(evidence, one),
      ...checkCounts(devices, one),
      ...checkMarks(sent, one),
    ]),
    ...(await Promise.all(outcomes.map((one) => checkReading(evidence, one)))).flat(),
    ...(await Promise.all(outcomes.map((one) => checkCosts(evidence, one)))).flat(),
    ...(await checkDrift(engines)),
    ...checkFates(history, outcomes),
    ...checkAcks(history),
    ...checkNothingTwice(outcome),
    ...checkOrder(history, outcome),
    ...checkAnswers(history, outcome),
    ...checkShownOnce(history, writeDownMs),
    ...checkScreens(history, outcome, writeDownMs),
  ];
}

/** The groups as the checker of direct messages knows conversations: what a member may see is in their inbox. */
function asOutcome(
  devices: readonly GroupDevice[],
  users: readonly string[],
  outcomes: readonly GroupOutcome[],
): Outcome {
  return {
    messages: outcomes.flatMap(({ messages }) =>
      messages.map(({ messageId, conversationId, from, clientMessageId, content, recalledAt }) => ({
        messageId,
        conversationId,
        from,
        to: '',
        status: 'stored' as const,
        identity: identityOf(from, clientMessageId),
        text: content.text ?? '',
        recalled: recalledAt !== undefined,
      })),
    ),
    inboxes: users.map((user) => ({ user, updates: outcomes.flatMap((one) => comingTo(user, one)) })),
    found: [],
    unread: [],
    drift: [],
    devices: devices.map((device) => device.end()),
  };
}

/**
 * What a member's devices must have shown: what was sent while they were members. Devices of former members may have
 * been away until they left, and what newcomers may read besides may come from the history alone.
 */
function comingTo(user: string, { entries, members }: GroupOutcome): KeptUpdate[] {
  const member = members.get(user);
  if (!isCurrent(member)) return [];
  return entries.filter(({ type, position }) => type === 'message' && isWithin(member.intervals, position)).map(kept);
}

function kept(entry: LogEntry): KeptUpdate {
  if (entry.type !== 'message') throw new RangeError('not a message');
  const { position, conversationId, messageId, from, clientMessageId } = entry;
  return { position, conversationId, type: 'message', messageId, from, identity: identityOf(from, clientMessageId) };
}

/** C8, C21: recounting from the logs finds what the engines count. */
async function checkDrift({ conversations }: GroupEngines): Promise<Violation[]> {
  const { drift } = await conversations.recount(null, { repair: false, limit: 10_000 });
  return drift.map(({ userId, conversationId, count, stored, recomputed }) =>
    violation('C21', `${userId} has ${recomputed} ${count} in ${conversationId} and ${stored} are counted`),
  );
}
