import type { ActionSupport } from '../parts.ts';
import type { StartableActions } from './action-part.ts';
import { Edits } from './edits.ts';

/** Actions for a client, which can then edit messages and shows edits of others: `createClient({ actions: actions(), … })`. */
export function actions(): ActionSupport {
  const support: StartableActions = { part: 'actions', start: (host) => new Edits(host) };
  return support;
}
