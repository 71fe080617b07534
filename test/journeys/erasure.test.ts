import { describe } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { erasureJourneys } from './erasure-journeys.ts';

describe('a user is erased on the embedded engines', () => erasureJourneys(() => startTestCluster()));
