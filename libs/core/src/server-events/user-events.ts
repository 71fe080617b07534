import {
  type DevicePresence,
  defined,
  type Profile,
  type PushOutcome,
  type ServerEvent,
  type UserChange,
  type UserId,
} from '@chasqui/domain';

/** `entry`: the first device of a user, or their last one, of this session. */
export function presenceEvent<Type extends 'user.online' | 'user.offline'>(
  type: Type,
  { userId, deviceId, sessionId }: Pick<DevicePresence, 'userId' | 'deviceId' | 'sessionId'>,
  at: number,
) {
  return { id: `${type.slice(5)}-${sessionId}`, type, key: userId, at, data: { userId, deviceId, at } };
}

/** `profile`: if it was stored. */
export function userEvent(
  userId: UserId,
  change: UserChange,
  at: number,
  profile?: Profile,
): ServerEvent<'user.changed'> {
  const { displayName = '', avatar = '', locale = '', bot = false } = profile ?? {};
  const shown = profile && { displayName, avatar, locale, bot };
  return {
    id: `user-${userId}-${profile?.version ?? (change === 'erased' ? change : `${change}-${at}`)}`,
    type: 'user.changed',
    key: userId,
    at,
    data: { userId, change, at, ...defined({ profile: shown }) },
  };
}

export function outcomeEvent(outcome: PushOutcome): ServerEvent<'push.outcome'> {
  const { subjectId, userId, deviceId, result, provider, reason, at } = outcome;
  return {
    id: `push-${subjectId}-${userId}-${encodeURIComponent(deviceId)}`,
    type: 'push.outcome',
    key: userId,
    at,
    data: { subjectId, userId, deviceId, result, provider, reason, at },
  };
}
