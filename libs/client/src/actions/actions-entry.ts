import type { ActionSupport } from '../parts.ts';
import type { ActionHost, ActionPart, StartableActions } from './action-part.ts';
import { ActionSender } from './action-sender.ts';
import { Edits } from './edits.ts';
import { messageCalls } from './message-calls.ts';
import { Reactions } from './reactions.ts';

/**
 * Actions for a client, which can then edit messages, react to them and delete them for its user, and shows edits and
 * reactions of others:
 * `createClient({ actions: actions(), … })`.
 */
export function actions(): ActionSupport {
  const support: StartableActions = { part: 'actions', start };
  return support;
}

function start(host: ActionHost): ActionPart {
  const sender = new ActionSender(host.core);
  const [edits, reactions] = [new Edits(host, sender), new Reactions(host, sender)];
  const partOf = ({ action }: { action: string }) => (action === 'react' ? reactions : edits);
  host.core.emitter.on('state', ({ state }) => {
    if (state === 'closed') sender.close();
    for (const part of [edits, reactions]) {
      if (state === 'online') part.online();
      else if (state === 'closed') part.closed();
    }
  });
  return {
    calls: { ...edits.calls, ...reactions.calls, ...messageCalls(host) },
    told: (frame) => partOf(frame).told(frame),
    lacks: (frame) => partOf(frame).lacks(frame),
    error: (frame) => sender.error(frame, (action, error) => partOf(action).refused(action, error)),
  };
}
