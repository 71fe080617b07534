import { describe } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { momentJourneys } from './moment-journeys.ts';

describe('moments on the embedded engines', () => momentJourneys(() => startTestCluster()));
