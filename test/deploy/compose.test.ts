import { readConnectConfig } from '@chasqui/app-connect/config';
import { readEngineConfig } from '@chasqui/app-engine/config';
import { describe, expect, test } from 'vitest';
import { textOf, yamlOf } from './files.ts';
import { READERS, variablesRead } from './readers.ts';

interface Service {
  image: string;
  build?: { dockerfile: string; target?: string };
  environment?: Record<string, string>;
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  volumes?: string[];
  configs?: { source: string }[];
  networks?: string[];
  stop_grace_period?: string;
}

interface Compose {
  services: Record<string, Service>;
  volumes: object;
  configs: object;
  networks: object;
}

const filled = (env: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replaceAll(/\$\{\w+:\?\}/g, 'a-value-of-some-length')]),
  );

describe.each([
  { file: 'compose.yaml', more: [] },
  { file: 'compose.classic.yaml', more: ['engine'] },
])('$file', ({ file, more }) => {
  const compose = yamlOf<Compose>(file);
  const services = Object.entries(compose.services);
  const ours = services.flatMap(([name, service]) =>
    service.build?.target === undefined ? [] : [{ name, service, target: service.build.target }],
  );

  test('every app runs, Connect twice', () => {
    const targets = ours.map(({ target }) => target).filter((target) => target !== 'chasqui');
    const expected = Object.keys(READERS).filter((name) => !['engine', 'chasqui'].includes(name));
    expect(targets.toSorted()).toEqual([...expected, ...more, 'connect'].toSorted());
  });

  test('each variable is one that somebody reads, and each app takes its configuration', () => {
    const read = new Set(
      ours.flatMap(({ service, target }) => [...variablesRead(target, filled(service.environment))]),
    );
    for (const { name, service } of ours) {
      for (const variable of Object.keys(service.environment ?? {}))
        expect(read, `${name}: ${variable}`).toContain(variable);
    }
    for (const { service } of ours.filter(({ target }) => target === 'connect')) {
      expect(variablesRead('connect', filled(service.environment))).toContain('CHASQUI_CONNECT_PEER_ADDRESS');
    }
  });

  test('the peer port is on the loopback in every image; compose opens it, and only with a secret', () => {
    expect(textOf('images/Dockerfile')).not.toContain('CHASQUI_CONNECT_PEER_HOST');
    expect(readConnectConfig({ CHASQUI_HOST: '0.0.0.0' }).peerHost).toBe('127.0.0.1');
    for (const { service } of ours.filter(({ target }) => target === 'connect')) {
      const { CHASQUI_PEER_SECRET: secret, ...open } = filled(service.environment);
      expect(readConnectConfig({ ...open, CHASQUI_PEER_SECRET: secret }).peerHost).toBe('0.0.0.0');
      expect(() => readConnectConfig(open)).toThrow(/CHASQUI_CONNECT_PEER_HOST opens the peer port to a network/);
    }
  });

  test('only this machine reaches anything', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('whoever waits for a service waits for one that is there and can say that it is well', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const service = compose.services[other];
        expect(service, `${name} waits for ${other}`).toBeDefined();
        if (condition !== 'service_healthy') continue;
        const inImage =
          service?.build !== undefined && textOf(`../${service.build.dockerfile}`).includes('HEALTHCHECK');
        expect(service?.healthcheck !== undefined || inImage, other).toBe(true);
      }
    }
  });

  test('volumes, files and networks that are named are declared; an app may drain', () => {
    for (const [name, { volumes = [], configs = [], networks = [] }] of services) {
      for (const volume of volumes) expect(compose.volumes, name).toHaveProperty([volume.split(':')[0] ?? '']);
      for (const { source } of configs) expect(compose.configs, name).toHaveProperty([source]);
      for (const network of networks) expect(compose.networks, name).toHaveProperty([network]);
    }
    for (const { name, service, target } of ours)
      if (target !== 'chasqui') expect(service.stop_grace_period, name).toBe('30s');
  });

  test('the example of the environment names what has no default, and nothing else', () => {
    const needed = new Set([...textOf(file).matchAll(/\$\{(\w+):\?\}/g)].map(([, name]) => name));
    const named = [...textOf(file.replace('yaml', 'example.env')).matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual([...needed].toSorted());
  });
});

test('what both files have is the same in both', () => {
  const [large, classic] = ['compose.yaml', 'compose.classic.yaml'].map((file) => yamlOf<Compose>(file).services);
  const shared = Object.keys(large ?? {}).filter((name) => classic?.[name] !== undefined);
  expect(shared).toHaveLength(10);
  const EACH: readonly string[] = ['environment', 'depends_on', 'command'];
  const rest = (service: Service | undefined) => Object.entries(service ?? {}).filter(([key]) => !EACH.includes(key));
  for (const name of shared) expect(rest(classic?.[name]), name).toEqual(rest(large?.[name]));
});

test('the classic set has its engines as they must be set', () => {
  const { services, configs } = yamlOf<{
    services: Record<string, { command: string[]; environment: Record<string, unknown> }>;
    configs: { rabbitmq: { content: string } };
  }>('compose.classic.yaml');
  expect(services.redis?.command.join(' ')).toMatch(/--appendonly yes --appendfsync everysec .*volatile-ttl$/);
  const mysql = ['--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1', '--collation-server=utf8mb4_bin'];
  expect(services.mysql?.command).toEqual(expect.arrayContaining(mysql));
  expect(configs.rabbitmq.content).toContain('disk_free_limit.absolute = 2GB');
  expect(services.business?.environment).toMatchObject({ CHASQUI_RABBITMQ_QUORUM_SIZE: '1' });
});

test('the engines of the classic set listen where the apps look for them', () => {
  const { services } = yamlOf<Compose>('compose.classic.yaml');
  const { CHASQUI_ENGINE_LISTEN: listen = '', CHASQUI_PEER_SECRET: _, ...open } = services.engine?.environment ?? {};
  const [, port] = listen.split(':');
  for (const name of ['api', 'datasync', 'setup'])
    expect(services[name]?.environment?.CHASQUI_ENGINE_ADDRESS, name).toBe(`engine:${port}`);
  expect(() => readEngineConfig({ ...open, CHASQUI_ENGINE_LISTEN: listen })).toThrow(/set CHASQUI_PEER_SECRET/);
});
