import { mailboxKey } from '@chasqui/domain';
import type { RateLimits } from '@chasqui/ports';
import type { PushSettings } from './settings.ts';

/** Whether one address has had as many mails lately as it may, whoever caused them. Where that is not known, one more goes. */
export async function mailboxIsFull(
  rateLimits: Pick<RateLimits, 'take'>,
  address: string,
  { mailsPerAddress }: Pick<PushSettings, 'mailsPerAddress'>,
): Promise<boolean> {
  const waitMs = await rateLimits.take(`push:mailbox:${mailboxKey(address)}`, 1, mailsPerAddress).catch(() => 0);
  return waitMs > 0;
}
