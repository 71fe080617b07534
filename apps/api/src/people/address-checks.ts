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

/** The e-mail registration of one device, if there is one. */
export function emailOf(devices: readonly Device[], deviceId: string): PushRegistration | undefined {
  const device = devices.find((one) => one.deviceId === deviceId);
  return device?.registrations.find(({ provider }) => provider === 'email');
}

/** Whether the address is confirmed as the user's: by the host application or by one of the user's devices. */
export async function isOwnAddress(
  { devices }: Pick<ApiContext, 'devices'>,
  { userId, verifiedEmail }: { userId: UserId; verifiedEmail: string | undefined },
  address: string,
): Promise<boolean> {
  // Lower-casing can turn an invalid address into a valid one: `K` (U+212A) becomes `k`.
  if (verifiedEmail !== undefined && isEmailAddress(verifiedEmail)) {
    if (verifiedEmail.toLowerCase() === address.toLowerCase()) return true;
  }
  const [own = []] = await devices.list([userId]);
  return own.some(({ deviceId }) => {
    const registered = emailOf(own, deviceId);
    return registered?.token === address && !registered.unconfirmed;
  });
}

/**
 * Makes Push send a code to the address, so the API needs no mail server. Returns when the code expires. Errors:
 * `bus_unavailable`, `overloaded`.
 */
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
  // Alone in its bus message: an older Push, which cannot read it, rejects the whole bus message.
  const shard = shardOf(to, bus.shards(PUSH_TOPIC));
  await bus.publish({ topic: PUSH_TOPIC, shard, body: joinEvents([JSON.stringify(check)]) });
  return expiresAt;
}
