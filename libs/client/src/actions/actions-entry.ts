import type { ActionSupport } from '../parts.ts';
import type { ActionHost, ActionPart, StartableActions } from './action-part.ts';
import { Edits } from './edits.ts';
import { Reactions } from './reactions.ts';

/**
 * Actions for a client, which can then edit messages and react to them, and shows edits and reactions of others:
 * `createClient({ actions: actions(), … })`.
 */
export function actions(): ActionSupport {
  const support: StartableActions = { part: 'actions', start };
  return support;
}

function start(host: ActionHost): ActionPart {
  const [edits, reactions] = [new Edits(host), new Reactions(host)];
  const partOf = ({ action }: { action: string }) => (action === 'react' ? reactions : edits);
  return {
    calls: { ...edits.calls, ...reactions.calls },
    told: (frame) => partOf(frame).told(frame),
    lacks: (frame) => partOf(frame).lacks(frame),
    error: (frame) => edits.error(frame) || reactions.error(frame),
  };
}
