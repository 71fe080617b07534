import { describe } from 'vitest';
import { journeysOn } from './journeys-on.ts';

describe('on RabbitMQ, Redis and MySQL', () => journeysOn('classic'));
