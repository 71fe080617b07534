import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BusinessOptions } from '@chasqui/app-business/core';
import { ImError } from '@chasqui/domain';
import type { ConsumeOptions } from '@chasqui/ports';

/** What `bundle-business.ts` packed of 761e052. */
interface Released {
  Business: new (options: object) => AsyncDisposable;
  ImError: new (...of: ConstructorParameters<typeof ImError>) => Error;
}

const FILE = join(import.meta.dirname, 'releases/business-761e052.mjs.gz');
const code = gunzipSync(await readFile(FILE)).toString('base64');
const released = (await import(`data:text/javascript;base64,${code}`)) as Released;

/** Starts the Business of the last release on today's ports. What has changed in them since is translated in this file alone. */
export function lastRelease({ runtime, engines, peers, inboxRetentionMs }: BusinessOptions): AsyncDisposable {
  const { nodes: registry, ...stores } = engines;
  const ports = Object.entries({ ...stores, registry, peers }).map(([name, port]) => [name, withItsErrors(port)]);
  const bus = withItsErrors(engines.bus);
  const consume = ({ handle, ...options }: ConsumeOptions) =>
    engines.bus.consume({ ...options, handle: (batch) => handle(batch).catch((error) => Promise.reject(ours(error))) });
  const shards = (topic: string) => engines.bus.shards(topic);
  return new released.Business({
    ...runtime,
    ...Object.fromEntries(ports),
    inboxRetentionMs,
    bus: { publish: bus.publish, lag: bus.lag, consume, shards },
  });
}

/** The port, whose errors are of the release's class: by its class it tells what may be repeated. */
function withItsErrors<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        (value.apply(target, args) as Promise<unknown>).catch((error) => Promise.reject(its(error)));
    },
  });
}

function its(error: unknown): unknown {
  if (!(error instanceof ImError)) return error;
  return new released.ImError(error.code, error.message, error.details, error.cause);
}

function ours(error: unknown): unknown {
  if (!(error instanceof released.ImError)) return error;
  const { code, message, details, cause } = error as ImError;
  return new ImError(code, message, details, cause);
}
