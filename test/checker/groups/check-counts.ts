import { isCurrent } from '@chasqui/domain';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { GroupDevice, SentFrame } from './evidence.ts';
import type { GroupOutcome } from './outcome.ts';

/** C21: unread and mention counts follow from the log and the member's mark, in the store and on every device. */
export function checkCounts(devices: Iterable<GroupDevice>, outcome: GroupOutcome): Violation[] {
  const { group, heads, members } = outcome;
  const faults: Violation[] = [];
  for (const [user, { unread, mentions, read, head }] of heads) {
    if (!isCurrent(members.get(user))) continue;
    const right = countsOf(user, read.upTo, outcome);
    const [told, counted] = [`${unread}, ${mentions}`, `${right.unread}, ${right.mentions}`];
    const where = `${user} has unread, mentions ${counted} in ${group.conversationId}`;
    if (told !== counted) faults.push(violation('C21', `${where} and is told ${told}`));
    if (head !== outcome.entries.length) faults.push(violation('C18', `${user} is told that the log ends at ${head}`));
  }
  for (const device of devices) {
    const [there, here] = [heads.get(device.user), device.headOf(group.conversationId)];
    if (there === undefined || !isCurrent(there.member)) continue;
    const [right, shown] = [`${there.unread}, ${there.mentions}`, `${here?.unread}, ${here?.mentions}`];
    const where = `${device.name} shows unread, mentions ${shown} in ${group.conversationId}`;
    if (shown !== right) faults.push(violation('C21', `${where}, the store has ${right}`));
  }
  return faults;
}

function countsOf(user: string, mark: string, { messages }: GroupOutcome): { unread: number; mentions: number } {
  const unread = messages.filter(({ messageId, from }) => messageId > mark && from !== user);
  const mentions = unread.filter(({ mentions: all = [] }) => all === 'all' || all.includes(user));
  return { unread: unread.length, mentions: mentions.length };
}

/** C22: marks only move forward, and a message's readers are those whose marks have reached it. */
export function checkMarks(sent: readonly SentFrame[], outcome: GroupOutcome): Violation[] {
  const { group, heads, members, messages, readers, reads } = outcome;
  const faults: Violation[] = [];
  const id = group.conversationId;
  for (const [user, marks] of reads) {
    const mark = heads.get(user)?.read.upTo ?? '';
    for (const [index, upTo] of marks.entries()) {
      if (upTo > (marks[index - 1] ?? '') && upTo <= mark) continue;
      faults.push(
        violation('C22', `the mark of ${user} in ${id} went from ${marks[index - 1]} to ${upTo}, now ${mark}`),
      );
    }
  }
  for (const { messageId, from, clientMessageId } of messages) {
    const right = [...members.values()].filter((member) => {
      const joined = member.intervals.at(-1)?.afterId ?? '';
      const mark = heads.get(member.userId)?.read.upTo ?? '';
      return isCurrent(member) && member.userId !== from && joined < messageId && mark >= messageId;
    });
    const names = right.map(({ userId }) => userId as string).sort();
    const told = (readers.get(messageId) ?? []).map(({ userId }) => userId);
    if (told.join() === names.join()) continue;
    const identity = identityOf(from, clientMessageId);
    faults.push(violation('C22', `${names} have read ${identity}, the list of readers has ${told}`, identity));
  }
  for (const { device, frame } of sent) {
    if (frame.type !== 'read_mark' || frame.conversationId !== id) continue;
    if (frame.upTo <= (heads.get(frame.by)?.read.upTo ?? '')) continue;
    faults.push(violation('C22', `${device} was told that ${frame.by} has read ${id} up to ${frame.upTo}`));
  }
  return faults;
}
