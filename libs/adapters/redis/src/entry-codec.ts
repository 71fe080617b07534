import type { DevicePresence } from '@chasqui/domain';

/** An entry, and in which incarnation of its node it was registered. */
export interface KeptEntry {
  entry: DevicePresence;
  incarnation: string;
}

/** Names one registration: a session registered again by a later incarnation of its node is another. */
export interface Registration {
  userId: string;
  deviceId: string;
  sessionId: string;
  incarnation: string;
}

/** What scripts find at the beginning of a session's value, whatever else is in it. */
export const sessionMark = (sessionId: string) => `[${JSON.stringify(sessionId)},`;
/** What scripts find at its end. */
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
