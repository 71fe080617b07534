import type { GroupSupport } from '../parts.ts';
import { GROUP_LIMITS } from './group-limits.ts';
import type { StartableGroups } from './group-part.ts';
import { areMentions } from './mentions.ts';
import { startGroups } from './start-groups.ts';

/** Groups for a client: `createClient({ groups: groups(), … })`. */
export function groups(): GroupSupport {
  const support: StartableGroups = { limits: GROUP_LIMITS, areMentions, start: startGroups };
  return support;
}
