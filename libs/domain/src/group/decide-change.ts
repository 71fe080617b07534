import type { UserId } from '../conversation/conversation-id.ts';
import { ImError } from '../errors.ts';
import { mustNotAddSystem } from './change-checks.ts';
import { CHANGE_RULES } from './change-rules.ts';
import type { ChangeDecision, ChangeState, GroupBounds } from './change-state.ts';
import type { GroupChange } from './group-change.ts';
import { GroupDraft } from './group-draft.ts';

/** What an adapter must load for a change. */
export interface Concerned {
  /** The asker first; without duplicates. */
  users: readonly UserId[];
  /** Those who would join. */
  newcomers: readonly UserId[];
  linkId: string | null;
  /** Whether admins are told of a request. */
  admins: boolean;
}

export function concernedBy(change: GroupChange): Concerned {
  const { by, details } = change;
  const leftOut = 'leftOut' in details ? details.leftOut : [];
  const named = [
    ...('users' in details ? details.users : []),
    ...('members' in details ? details.members : []),
    ...('userId' in details ? [details.userId] : []),
  ].filter((userId) => !leftOut?.includes(userId));
  const joins: Partial<Record<GroupChange['change'], readonly UserId[]>> = {
    create: [by, ...named],
    add: named,
    approve: named,
    join: [by],
  };
  return {
    users: [...new Set([by, ...named])],
    newcomers: [...new Set(joins[change.change])],
    linkId: 'linkId' in details ? details.linkId : null,
    admins: change.change === 'join',
  };
}

/** Decides a change of a group. Pure: the same state and change give the same decision. A refusal changes nothing. */
export function decideChange(state: ChangeState, change: GroupChange, bounds: GroupBounds): ChangeDecision {
  const draft = new GroupDraft(state, change, bounds);
  try {
    // The table's row of a change takes that change.
    const rule = CHANGE_RULES[change.change] as (draft: GroupDraft, change: GroupChange) => void;
    mustNotAddSystem(change);
    rule(draft, change);
    return draft.decision();
  } catch (error) {
    if (!(error instanceof ImError)) throw error;
    return refused(error);
  }
}

function refused({ code, message, details }: ImError): ChangeDecision {
  return {
    outcome: { result: 'refused', code, field: details.field ?? 'conversationId', message },
    group: null,
    members: [],
    newcomers: [],
    links: [],
    endedLinks: [],
    requests: [],
    endedRequests: [],
    notice: null,
    told: [],
  };
}
