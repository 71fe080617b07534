import { ConfigReader, systemClock } from '@chasqui/kit';
import { connectToAny, disconnect } from './broker/connect.ts';
import { readRabbitmqConfig } from './config.ts';

/** Whether a starting broker takes connections: a port that is open is not enough. Never throws. */
export async function isRabbitmqReady(settings: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const config = readRabbitmqConfig(new ConfigReader(settings));
    await disconnect(await connectToAny({ config, clock: systemClock, name: 'chasqui ready' }), systemClock);
    return true;
  } catch {
    return false;
  }
}
