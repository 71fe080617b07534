import { ImError } from '@chasqui/domain';
import { createMetrics } from '@chasqui/kit';
import { type ApiParts, createTestApi, type TestApi } from './fixture.ts';

/** Ports whose calls are those of a process: when it is killed, none of them has an effect any more. */
const PORTS = [
  ...(['erasures', 'users', 'profiles', 'logins', 'contacts', 'blocks', 'devices', 'revocations', 'moments'] as const),
  ...(['momentReplies', 'conversationStates', 'groups', 'conversations', 'messages', 'logs', 'auditLog'] as const),
  ...(['unreadCache', 'presence', 'attachments', 'reactions'] as const),
];

/**
 * An API process on the engines of another one, killed before its call to them that comes after `calls` others. With
 * `halfDone` in the middle of it: of a list, the first half was done.
 */
export function createDyingApi(
  { clock, deps }: Pick<TestApi, 'clock' | 'deps'>,
  calls: number,
  { halfDone = false } = {},
): Promise<TestApi> {
  let left = calls;
  const dying = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (left-- > 0) return value.apply(target, args);
          const [list, ...others] = args;
          if (halfDone && left === -1 && Array.isArray(list)) {
            await value.call(target, list.slice(0, list.length / 2), ...others);
          }
          throw new ImError('store_unavailable', 'killed');
        };
      },
    });
  const metrics = createMetrics({ app: 'api' });
  const ports = PORTS.map((name) => [name, dying(deps[name])]);
  const { uploads } = deps.blobs;
  const blobs = { ...dying(deps.blobs), ...(uploads && { uploads: dying(uploads) }) };
  const bus = { ...deps.bus, publish: dying(deps.bus).publish };
  return createTestApi({ ...deps, ...(Object.fromEntries(ports) as Partial<ApiParts>), blobs, bus, clock, metrics });
}
