import type { StateSupport } from '../parts.ts';
import { ConversationStates } from './conversation-states.ts';
import type { StartableStates } from './state-part.ts';

/** Conversation states for a client: `createClient({ states: states(), … })`. */
export function states(): StateSupport {
  const support: StartableStates = { part: 'states', start: (host) => new ConversationStates(host) };
  return support;
}
