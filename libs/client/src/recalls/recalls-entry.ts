import type { RecallSupport } from '../parts.ts';
import type { StartableRecalls } from './recall-part.ts';
import { Recalls } from './recalls.ts';

/** Recalls for a client, which can then take messages back: `createClient({ recalls: recalls(), … })`. */
export function recalls(): RecallSupport {
  const support: StartableRecalls = { part: 'recalls', start: (host) => new Recalls(host) };
  return support;
}
