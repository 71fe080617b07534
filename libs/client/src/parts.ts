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

/** Actions for a client, made by another entry point of this package: `actions()`. */
export interface ActionSupport {
  readonly part: 'actions';
}

export type PartName = 'groups' | 'states' | 'recalls' | 'actions';

/** The names of the parts that are given for certain. */
export type PartsOf<Groups, States, Recalls, Actions> =
  | ([Groups] extends [GroupSupport] ? 'groups' : never)
  | ([States] extends [StateSupport] ? 'states' : never)
  | ([Recalls] extends [RecallSupport] ? 'recalls' : never)
  | ([Actions] extends [ActionSupport] ? 'actions' : never);
