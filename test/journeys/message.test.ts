import { describe } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { messageJourneys } from './message-journeys.ts';

describe('a message between two nodes', () => messageJourneys(startTestCluster));
