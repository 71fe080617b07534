import { messageBusContract } from '@chasqui/contracts';
import { openBusOnly } from '../testing/parts.ts';
import { scratchHarness } from '../testing/scratch.ts';

messageBusContract('embedded', scratchHarness(openBusOnly));
