import type { Clock, Random } from '@chasqui/domain';
import type { Finding } from '@chasqui/kit';
import type { EnginesConfig } from './config.ts';

/**
 * Examines those configured cluster engines that a first call does not tell enough of: whether the apps can use them, and
 * settings by which they lose something. Changes nothing that lasts. Never rejects: what fails is a finding.
 */
export async function checkEngines(config: EnginesConfig, parts: { clock: Clock; random: Random }): Promise<Finding[]> {
  const { rabbitmq, redis } = config;
  const findings = await Promise.all([
    rabbitmq && import('@chasqui/rabbitmq').then(({ checkRabbitmq }) => checkRabbitmq({ config: rabbitmq, ...parts })),
    redis && import('@chasqui/redis').then(({ checkRedis }) => checkRedis({ config: redis, ...parts })),
    ...databasesOf(config).map((database) =>
      import('@chasqui/mysql').then(({ checkMysql }) => checkMysql({ ...database, ...parts })),
    ),
  ]);
  return findings.flatMap((some) => some ?? []);
}

type MysqlConfig = NonNullable<EnginesConfig['mysql']>;

/** Each database once, though it may have conversations and messages. */
function databasesOf({ mysql, mysqlMessages }: EnginesConfig): { config: MysqlConfig; messages: boolean }[] {
  const placeOf = ({ address: { host, port, database } }: MysqlConfig) => `${host}:${port}/${database}`;
  const isShared = mysql !== undefined && mysqlMessages !== undefined && placeOf(mysql) === placeOf(mysqlMessages);
  if (isShared) return [{ config: mysql, messages: true }];
  return [
    ...(mysql === undefined ? [] : [{ config: mysql, messages: false }]),
    ...(mysqlMessages === undefined ? [] : [{ config: mysqlMessages, messages: true }]),
  ];
}
