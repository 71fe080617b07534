import { describe } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { silenceJourneys } from './blocked-journeys.ts';
import { emailJourneys } from './email-journeys.ts';
import { kickJourneys } from './kick-journeys.ts';
import { offlineJourneys } from './offline-journeys.ts';
import { peopleJourneys } from './people-journeys.ts';
import { pushJourneys } from './push-journeys.ts';

const start = (env: { [name: string]: string } = {}) => startTestCluster({ env });

describe('what waits', () => offlineJourneys(start));
describe('people', () => peopleJourneys(start));
describe('blocks that are silent', () => silenceJourneys(start));
describe('kick policies', () => kickJourneys(start));
describe('devices that are away', () => pushJourneys(start));
describe('addresses for e-mail', () => emailJourneys(start));
