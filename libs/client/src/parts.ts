import type { Mentions } from '@chasqui/domain';
import type { GroupLimits } from './groups/group-limits.ts';

/** Groups for a client, made by another entry point of this package: `groups()`. */
export interface GroupSupport {
  readonly limits: GroupLimits;
  /** Whether these may be sent with a message. */
  areMentions(mentions: Mentions): boolean;
}

/** Conversation states for a client, made by another entry point of this package: `states()`. */
export interface StateSupport {
  readonly part: 'states';
}

/** Recalls for a client, made by another entry point of this package: `recalls()`. */
export interface RecallSupport {
  readonly part: 'recalls';
}

export type PartName = 'groups' | 'states' | 'recalls';

/** The names of the parts that are given for certain. */
export type PartsOf<Groups, States, Recalls> =
  | ([Groups] extends [GroupSupport] ? 'groups' : never)
  | ([States] extends [StateSupport] ? 'states' : never)
  | ([Recalls] extends [RecallSupport] ? 'recalls' : never);
