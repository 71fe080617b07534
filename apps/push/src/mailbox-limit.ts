import { mailboxKey } from '@chasqui/domain';
import type { RateLimits } from '@chasqui/ports';
import type { PushSettings } from './settings.ts';

/**
 * Whether one address has recently been sent as many mails as it may get, whoever caused them. If that is unknown, one
 * more is sent.
 */
export async function mailboxIsFull(
  rateLimits: Pick<RateLimits, 'take'>,
  address: string,
  { mailsPerAddress }: Pick<PushSettings, 'mailsPerAddress'>,
): Promise<boolean> {
  const waitMs = await rateLimits.take(`push:mailbox:${mailboxKey(address)}`, 1, mailsPerAddress).catch(() => 0);
  return waitMs > 0;
}
