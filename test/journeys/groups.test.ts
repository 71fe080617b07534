import { describe } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { groupJourneys } from './group-journeys.ts';

describe('people in groups', () => groupJourneys(startTestCluster));
