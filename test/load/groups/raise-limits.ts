// Node loads this before an app of the bench.
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { GROUP_LIMITS } from './limits.ts';

Object.assign(DEFAULT_LIMITS, GROUP_LIMITS);
