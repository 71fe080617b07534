import type { DevicePresence } from '@chasqui/domain';

/** An entry, and the incarnation of its node that registered it. */
export interface KeptEntry {
  entry: DevicePresence;
  incarnation: string;
}

/**
 * Identifies one registration: a session that a later incarnation of its node registers again is another registration.
 */
export interface Registration {
  userId: string;
  deviceId: string;
  sessionId: string;
  incarnation: string;
}

/** The beginning of a session's value, by which scripts recognise it. */
export const sessionMark = (sessionId: string) => `[${JSON.stringify(sessionId)},`;
/** The end of a session's value, by which scripts recognise the incarnation. */
export const incarnationMark = (incarnation: string) => `,${JSON.stringify(incarnation)}]`;

/** The value of a device in its user's hash. */
export function encodeEntry({ entry, incarnation }: KeptEntry): string {
  const { sessionId, nodeId, platform, since } = entry;
  return JSON.stringify([sessionId, nodeId, platform, since, incarnation]);
}

export function decodeEntry(userId: string, deviceId: string, text: string): KeptEntry {
  const [sessionId, nodeId, platform, since, incarnation] = JSON.parse(text);
  return { entry: { userId, deviceId, sessionId, nodeId, platform, since }, incarnation };
}

/** A member of a node's set. */
function encodeRegistration({ userId, deviceId, sessionId, incarnation }: Registration): string {
  return JSON.stringify([userId, deviceId, sessionId, incarnation]);
}

export function decodeRegistration(text: string): Registration {
  const [userId, deviceId, sessionId, incarnation] = JSON.parse(text);
  return { userId, deviceId, sessionId, incarnation };
}

export function registrationOf({ entry, incarnation }: KeptEntry): string {
  return encodeRegistration({ ...entry, incarnation });
}
