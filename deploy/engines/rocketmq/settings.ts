import { join } from 'node:path';

export const NAMESERVER_PORT = 19876;
/** The broker also uses the port two below, for urgent requests; 20912 is for replicas, of which there are none. */
const BROKER_PORT = 20911;
export const PROXY_PORT = 18081;

const CLUSTER = 'chasqui-local';
const DAYS_KEPT = 30;

const propertiesText = (lines: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

export const nameServerSettings = (data: string) =>
  propertiesText({
    listenPort: NAMESERVER_PORT,
    bindAddress: '127.0.0.1',
    kvConfigPath: join(data, 'namesrv/kvConfig.json'),
  });

/** An ack means that the message is on disk (`SYNC_FLUSH`). Topics are never created automatically. */
export const brokerSettings = (data: string) =>
  propertiesText({
    brokerClusterName: CLUSTER,
    brokerName: 'local',
    brokerId: 0,
    brokerRole: 'ASYNC_MASTER',
    flushDiskType: 'SYNC_FLUSH',
    bindAddress: '127.0.0.1',
    brokerIP1: '127.0.0.1',
    brokerIP2: '127.0.0.1',
    listenPort: BROKER_PORT,
    haListenPort: BROKER_PORT + 1,
    namesrvAddr: `127.0.0.1:${NAMESERVER_PORT}`,
    // How often the broker registers: bounds how long a restarted name server does not know it, ms.
    registerNameServerPeriod: 10_000,
    storePathRootDir: join(data, 'store'),
    storePathCommitLog: join(data, 'store/commitlog'),
    mappedFileSizeCommitLog: 128 * 1024 * 1024,
    mappedFileSizeConsumeQueue: 600_000,
    fileReservedTime: DAYS_KEPT * 24,
    diskMaxUsedSpaceRatio: 95,
    // Else a disk that is 85 % full loses messages that nobody has consumed.
    cleanFileForciblyEnable: false,
    autoCreateTopicEnable: false,
    autoCreateSubscriptionGroup: false,
  });

/** The proxy's cache of topics and groups is at most one second old, so a new topic is soon visible. */
export const proxySettings = () =>
  JSON.stringify(
    {
      rocketMQClusterName: CLUSTER,
      namesrvAddr: `127.0.0.1:${NAMESERVER_PORT}`,
      proxyMode: 'LOCAL',
      localServeAddr: '127.0.0.1',
      grpcServerPort: PROXY_PORT,
      topicRouteServiceCacheRefreshSeconds: 1,
      topicConfigCacheRefreshSeconds: 1,
      subscriptionGroupConfigCacheRefreshSeconds: 1,
    },
    null,
    2,
  );
