import { readApiConfig } from '@chasqui/app-api/config';
import { readBusinessConfig } from '@chasqui/app-business/config';
import { readConnectConfig } from '@chasqui/app-connect/config';
import { readDataSyncConfig } from '@chasqui/app-datasync/config';
import { readEngineConfig } from '@chasqui/app-engine/config';
import { readHooksConfig } from '@chasqui/app-hooks/config';
import { readPushConfig } from '@chasqui/app-push/config';
import { readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader, type Environment } from '@chasqui/kit';

/** The configuration reader of each image's program, by image name. */
export const READERS: Readonly<Record<string, (env: Environment) => object>> = {
  connect: readConnectConfig,
  business: readBusinessConfig,
  datasync: readDataSyncConfig,
  push: readPushConfig,
  hooks: readHooksConfig,
  api: readApiConfig,
  engine: readEngineConfig,
  chasqui(env) {
    const reader = new ConfigReader(env);
    return reader.finish(readEnginesConfig(reader));
  },
};

/** The environment variables that an image's program reads. Errors: when it refuses their values. */
export function variablesRead(image: string, env: Environment): Set<string> {
  const asked = new Set<string>();
  const watched = new Proxy(env, {
    get(target, name: string) {
      asked.add(name);
      return target[name];
    },
  });
  const read = READERS[image];
  if (read === undefined) throw new Error(`no program for the image ${image}`);
  read(watched);
  return new Set(Object.keys(env).filter((name) => asked.has(name)));
}
