import { createSamples } from '@chasqui/contracts';
import type { Clock, Message } from '@chasqui/domain';

/** Makes messages from ann to bob. */
export function messagesOf(clock: Clock): (text: string) => Message {
  const samples = createSamples(clock);
  return (text) => samples.message({ from: 'ann', to: 'bob', text });
}

/** The recall of such a message. */
export const RECALL = { action: 'recall', revision: 1, by: 'ann', at: 1 } as const;
