import {
  type Clock,
  DEFAULT_STATE,
  defined,
  type Group,
  type GroupPlan,
  type Limits,
  levelNow,
  type Member,
  PUSH_TOPIC,
  type PushTask,
  type UserId,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ConversationStateStore, GroupStore, MessageBus, Presence } from '@chasqui/ports';
import { GroupPlans, PAUSE_MS } from './group-plans.ts';
import { putBack } from './put-back.ts';

/** How many members one step looks at. */
const PAGE = 500;
/** How many steps of plans are taken in one turn, so that they delay no other task. */
const MAX_STEPS = 4;
/** The pause before the next page for each task of this one, in ms: providers take only so many notifications. */
const MS_PER_TASK = 4;

type Later = { task: PushTask | GroupPlan; delayMs: number };

export interface GroupPlanHandlerOptions {
  engines: {
    bus: Pick<MessageBus, 'publish' | 'shards'>;
    groups: Pick<GroupStore, 'groups' | 'page'>;
    conversationStates: Pick<ConversationStateStore, 'get'>;
    presence: Pick<Presence, 'lookup'>;
  };
  clock: Clock;
  logger: Logger;
  limits: Pick<Limits, 'maxNotifiedGroup'>;
}

/**
 * Makes push tasks for the members of a group who are away and want to know of a message, a page of members at a time.
 * A repeated step makes the same tasks, and each device has one outcome of a message anyway (C17).
 */
export class GroupPlanHandler {
  readonly #options: GroupPlanHandlerOptions;
  readonly #plans: GroupPlans;

  constructor(options: GroupPlanHandlerOptions) {
    this.#options = options;
    this.#plans = new GroupPlans(options.clock);
  }

  /** Errors: `store_unavailable`, `bus_unavailable`; the bus then redelivers the batch. */
  async handle(plans: readonly GroupPlan[]): Promise<void> {
    const later: Later[] = [];
    let steps = 0;
    for (const plan of plans) {
      if (steps === MAX_STEPS) {
        later.push({ task: plan, delayMs: 0 });
        continue;
      }
      const verdict = this.#plans.verdictOn(plan);
      if (verdict === 'wait') later.push({ task: plan, delayMs: PAUSE_MS });
      if (verdict !== 'go') continue;
      steps++;
      later.push(...(await this.#step(plan)));
    }
    await putBack(this.#options.engines.bus, PUSH_TOPIC, later);
  }

  /** The tasks of one page, and the plan if more members follow. */
  async #step(plan: GroupPlan): Promise<Later[]> {
    const { groups } = this.#options.engines;
    const { conversationId, after } = plan;
    const [group] = await groups.groups([conversationId]);
    if (group == null || group.dissolvedAt > 0) return this.#end(plan);
    const members = await groups.page(conversationId, { limit: PAGE, ...defined({ after }) });
    const last = members.at(-1);
    const others = members.map(({ userId }) => userId).filter((userId) => isFor(plan, userId));
    const wanted = await this.#wanted(plan, group, await this.#away(others));
    const tasks = wanted.map((to) => ({ task: taskOf(plan, to), delayMs: 0 }));
    if (last === undefined || members.length < PAGE) return [...tasks, ...this.#end(plan)];
    const { role, userId } = last;
    return [...tasks, { task: { ...plan, after: { role, userId } }, delayMs: tasks.length * MS_PER_TASK }];
  }

  #end(plan: GroupPlan): [] {
    this.#plans.ended(plan);
    return [];
  }

  /** Those who want to be notified of it. In a large group, whoever chose nothing else is so of mentions only. */
  async #wanted({ mentions }: GroupPlan, group: Group, userIds: readonly UserId[]): Promise<UserId[]> {
    const { engines, clock, limits } = this.#options;
    const { conversationId, memberCount } = group;
    const states = await engines.conversationStates.get(userIds.map((userId) => ({ userId, conversationId })));
    return userIds.filter((_, index) => {
      const level = levelNow(states[index] ?? DEFAULT_STATE, clock.now(), memberCount > limits.maxNotifiedGroup);
      return level === 'all' || (level === 'mentions' && mentions === 'all');
    });
  }

  /** Those without a device that is online; all of them, if presence is away. */
  async #away(userIds: readonly UserId[]): Promise<UserId[]> {
    const { engines, logger } = this.#options;
    try {
      const devices = await engines.presence.lookup(userIds);
      return userIds.filter((_, index) => (devices[index]?.length ?? 0) === 0);
    } catch (error) {
      logger.debug({ err: error }, 'presence is unavailable: every member counts as offline');
      return [...userIds];
    }
  }
}

/** Not the sender, nor those who are mentioned by name: they have tasks of their own. */
function isFor({ from, mentions = [] }: GroupPlan, userId: Member['userId']): boolean {
  return userId !== from && (mentions === 'all' || !mentions.includes(userId));
}

function taskOf({ messageId, conversationId, from, at, trace }: GroupPlan, to: UserId): PushTask {
  return { messageId, conversationId, from, to, at, ...defined({ trace }) };
}
