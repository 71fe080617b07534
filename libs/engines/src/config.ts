import { type ElasticsearchConfig, readElasticsearchConfig } from '@chasqui/elasticsearch/config';
import { type HbaseConfig, readHbaseConfig } from '@chasqui/hbase/config';
import type { ConfigReader } from '@chasqui/kit';
import { type MysqlConfig, readMysqlConfig, readMysqlMessagesConfig } from '@chasqui/mysql/config';
import { type RabbitmqConfig, readRabbitmqConfig } from '@chasqui/rabbitmq/config';
import { type RedisConfig, readRedisConfig } from '@chasqui/redis/config';
import { type RocketmqConfig, readRocketmqConfig } from '@chasqui/rocketmq/config';

/** The configured cluster engines. A role without one is played by the embedded engines. */
export interface EnginesConfig {
  rocketmq?: RocketmqConfig;
  rabbitmq?: RabbitmqConfig;
  redis?: RedisConfig;
  mysql?: MysqlConfig;
  /** For messages alone: another database than that of the store, or the same. */
  mysqlMessages?: MysqlConfig;
  hbase?: HbaseConfig;
  elasticsearch?: ElasticsearchConfig;
}

/** One key per role selects its engine; only the keys of selected engines are read. */
export function readEnginesConfig(reader: ConfigReader): EnginesConfig {
  const isChosen = (key: string, engine: string) => reader.oneOf(key, ['embedded', engine], 'embedded') === engine;
  const messages = reader.oneOf('CHASQUI_MESSAGES', ['embedded', 'hbase', 'mysql'], 'embedded');
  const bus = reader.oneOf('CHASQUI_BUS', ['embedded', 'rocketmq', 'rabbitmq'], 'embedded');
  return {
    ...(bus === 'rocketmq' ? { rocketmq: readRocketmqConfig(reader) } : {}),
    ...(bus === 'rabbitmq' ? { rabbitmq: readRabbitmqConfig(reader) } : {}),
    ...(isChosen('CHASQUI_PRESENCE', 'redis') ? { redis: readRedisConfig(reader) } : {}),
    ...(isChosen('CHASQUI_STORE', 'mysql') ? { mysql: readMysqlConfig(reader) } : {}),
    ...(messages === 'hbase' ? { hbase: readHbaseConfig(reader) } : {}),
    ...(messages === 'mysql' ? { mysqlMessages: readMysqlMessagesConfig(reader) } : {}),
    ...(isChosen('CHASQUI_SEARCH', 'elasticsearch') ? { elasticsearch: readElasticsearchConfig(reader) } : {}),
  };
}
