import { messageBusContract } from '@chasqui/contracts';
import { openBusOnly } from './support/parts.ts';
import { scratchHarness } from './support/scratch.ts';

messageBusContract('embedded', scratchHarness(openBusOnly));
