import { ImError } from '@chasqui/domain';

/** Quorum queues learnt to let messages expire, and to pass them on without loss, in this version. */
const OLDEST = [3, 10] as const;

interface Server {
  product?: unknown;
  version?: unknown;
}

/** Errors: `config_invalid` if it is another product, or too old. */
export function checkServer({ product, version }: Server): void {
  const [major, minor] = versionOf({ version });
  if (product === 'RabbitMQ' && (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))) return;
  const found = `${String(product)} ${String(version)}`;
  throw new ImError('config_invalid', `the bus needs RabbitMQ ${OLDEST.join('.')} or later; this is ${found}`);
}

/** From version 4 on, queues have a limit of deliveries unless they say otherwise. */
export function hasDeliveryLimit(server: Server): boolean {
  return versionOf(server)[0] >= 4;
}

function versionOf({ version }: Server): [major: number, minor: number] {
  const [major = 0, minor = 0] = String(version).split('.').map(Number);
  return [major, minor];
}
