import { defined, type GroupPlan, PUSH_TOPIC, type PushTask } from '@chasqui/domain';
import type { BusinessContext } from '../business-context.ts';
import { type RecordedMessage, recordedAs } from './message-news.ts';

/**
 * Makes Push notify members of messages that were stored in groups. What a batch has for one group is one notification,
 * that of its newest message; but whoever is mentioned is notified of that. A repeat plans again, as the process may
 * have crashed before: each device has one outcome anyway (C17).
 */
export async function planNotifications(
  { publisher, clock }: Pick<BusinessContext, 'publisher' | 'clock'>,
  inGroup: readonly RecordedMessage[],
): Promise<void> {
  const at = clock.now();
  const due = inGroup
    .filter(({ outcome, redelivered }) => outcome.result === 'recorded' || redelivered)
    .map((one) => planOf(one, at));
  const tasks = due.flatMap(mentionTasks);
  const plans = due.filter((plan, index) => {
    const isNewest = due.findLastIndex(({ conversationId }) => conversationId === plan.conversationId) === index;
    return isNewest || plan.mentions === 'all';
  });
  await Promise.all([
    ...tasks.map((task) => publisher.publish(PUSH_TOPIC, task.to, task)),
    ...plans.map((plan) => publisher.publish(PUSH_TOPIC, plan.conversationId, plan)),
  ]);
}

function planOf(one: RecordedMessage, at: number): GroupPlan {
  const { conversationId, messageId, from, mentions } = recordedAs(one);
  return { type: 'group_plan', conversationId, messageId, from, at, ...defined({ mentions, trace: one.trace }) };
}

/** One task for each user who is mentioned by name: they wait for no page of members. */
function mentionTasks({ type: _, mentions = [], ...plan }: GroupPlan): PushTask[] {
  if (mentions === 'all') return [];
  return [...new Set(mentions)].filter((userId) => userId !== plan.from).map((to) => ({ ...plan, to }));
}
