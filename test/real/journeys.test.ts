import { describe } from 'vitest';
import { journeysOn } from './journeys-on.ts';

describe('on RocketMQ, Redis, MySQL, HBase and Elasticsearch', () => journeysOn('large'));
