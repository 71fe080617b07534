import { defineConfig } from 'vitest/config';
import { group } from './vitest.outside.config.ts';

/** Tests on the real engines, as `npm run engines:up` starts them. They fail where an engine is absent. */
export const REAL = [
  'libs/adapters/{redis,mysql,rabbitmq,rocketmq,hbase,elasticsearch}/**/*.real.test.ts',
  'test/real/**/*.test.ts',
];

/** Each of these kills, freezes and restarts the one shared engine that it tests. */
const TROUBLE_THEIR_ENGINE = [
  'libs/adapters/elasticsearch/src/search-index.outages.real.test.ts',
  'libs/adapters/hbase/src/open-engines.faults.real.test.ts',
  'libs/adapters/rabbitmq/src/rabbitmq-bus.restart.real.test.ts',
  'libs/adapters/rocketmq/src/rocketmq-bus.restart.real.test.ts',
];
/** These disturb engines that other tests need, measure time on all of them, or want to find them in order. */
const ALONE = [
  // Kills HBase as well, which the other file of its own does in its group.
  'libs/adapters/hbase/src/messages/message-store.real.test.ts',
  'test/real/brokers.test.ts',
  // Examines all queues of the broker: a queue that another test has just made may have no leader yet.
  'test/real/doctor.test.ts',
  'test/real/local-engines.test.ts',
  'test/real/outage.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share their process, as in vitest.config.ts.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    // Timeouts are generous: an engine that starts or recovers in parallel with others is slow.
    expect: { poll: { timeout: 30_000, interval: 50 } },
    reporters: ['default', 'hanging-process'],
    allowOnly: false,
    projects: [
      group('side by side', 1, 2, REAL, [...TROUBLE_THEIR_ENGINE, ...ALONE]),
      group('each on its engine', 2, 2, TROUBLE_THEIR_ENGINE),
      group('alone', 3, 1, ALONE),
    ],
  },
});
