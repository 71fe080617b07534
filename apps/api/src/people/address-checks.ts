import { randomBytes } from 'node:crypto';
import { joinEvents } from '@chasqui/core';
import {
  type AddressCheck,
  type Device,
  isEmailAddress,
  PUSH_TOPIC,
  type PushRegistration,
  shardOf,
  type UserId,
} from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { type CheckedAddress, CODE_PERIOD_MS } from './address-codes.ts';

/** The registration of an e-mail address of one device, if there is one. */
export function emailOf(devices: readonly Device[], deviceId: string): PushRegistration | undefined {
  const device = devices.find((one) => one.deviceId === deviceId);
  return device?.registrations.find(({ provider }) => provider === 'email');
}

/** Whether the address is known to be the user's: the host application says so, or one of the user's devices has shown it. */
export async function isOwnAddress(
  { devices }: Pick<ApiContext, 'devices'>,
  { userId, verifiedEmail }: { userId: UserId; verifiedEmail: string | undefined },
  address: string,
): Promise<boolean> {
  // What is no address may become one when it is lower-cased: `K` (U+212A) is `k` then.
  if (verifiedEmail !== undefined && isEmailAddress(verifiedEmail)) {
    if (verifiedEmail.toLowerCase() === address.toLowerCase()) return true;
  }
  const [own = []] = await devices.list([userId]);
  return own.some(({ deviceId }) => {
    const registered = emailOf(own, deviceId);
    return registered?.token === address && !registered.unconfirmed;
  });
}

/** Has Push send a code to the address: the API needs no mail server. Returns when it ends. Errors: `bus_unavailable`, `overloaded`. */
export async function sendCode(
  { bus, clock, addressCodes }: Pick<ApiContext, 'bus' | 'clock' | 'addressCodes'>,
  checked: CheckedAddress,
  language: string,
): Promise<number> {
  const { userId: to, deviceId, address } = checked;
  const at = clock.now();
  const expiresAt = at + CODE_PERIOD_MS;
  const check: AddressCheck = {
    type: 'address_check',
    checkId: randomBytes(16).toString('hex'),
    to,
    deviceId,
    address,
    language,
    code: addressCodes.codeFor(checked),
    at,
    expiresAt,
  };
  // Alone in its bus message: a Push of before parts with it, and with nothing else.
  const shard = shardOf(to, bus.shards(PUSH_TOPIC));
  await bus.publish({ topic: PUSH_TOPIC, shard, body: joinEvents([JSON.stringify(check)]) });
  return expiresAt;
}
