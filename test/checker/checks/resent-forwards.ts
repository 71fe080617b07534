import type { History } from '../history.ts';
import type { Identity } from '../records.ts';

/**
 * A forward that is sent again while the dedup hints are away, of what is gone by then, is refused though its first copy
 * may be stored (record 55).
 */
export function mayBeResentForward(history: History, identity: Identity): boolean {
  if (history.of('forwarded').filter((sent) => sent.identity === identity).length < 2) return false;
  return history.of('noted').some(({ text }) => / ms {2}(empty|forget-hints|(outage|glitch) machine=redis)/.test(text));
}

/** Whether it was refused so: the log may bring it after that. */
export function isRefusedForward(history: History, identity: Identity): boolean {
  const told = history.of('told_refused').some((one) => one.identity === identity && one.code === 'message_not_found');
  return told && mayBeResentForward(history, identity);
}
