// As `npm start` with free ports, but with other limits: limited-server.ts <data folder> <limits as JSON>
import { startCluster } from '@chasqui/app-cli/cluster';
import { DEFAULT_LIMITS, type Limits } from '@chasqui/domain';
import { createLogger, lowerV8HelperPriority, runUntilSignal } from '@chasqui/kit';

const [dataDir = '', given = '{}'] = process.argv.slice(2);
const limits: Limits = { ...DEFAULT_LIMITS, ...JSON.parse(given) };
lowerV8HelperPriority();
const logger = createLogger({ name: 'chasqui', level: 'error' });
await runUntilSignal({
  logger,
  async start() {
    const env = { ...process.env, CHASQUI_DATA_DIR: dataDir };
    const cluster = await startCluster({ env, nodes: 2, port: 0, logger, limits });
    process.stdout.write(`listening at ${cluster.url}\n`);
    return cluster;
  },
});
