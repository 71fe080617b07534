import { startCluster } from '@chasqui/app-cli/cluster';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { createLogger } from '@chasqui/kit';

/** `npm start` for a test that kills it: everything in this process, with timeouts that a test can wait for. */
const limits = { ...DEFAULT_LIMITS, ackTimeoutMs: 4_000, nodeLeaseMs: 1_500, nodeRenewMs: 300 };
const { connect } = await startCluster({
  env: process.env,
  nodes: 1,
  port: 0,
  limits,
  logger: createLogger({ name: 'one-process', level: 'silent' }),
});
process.stdout.write(`${connect[0]?.wsUrl}\n`);
