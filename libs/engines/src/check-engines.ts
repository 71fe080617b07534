import type { Clock, Random } from '@chasqui/domain';
import type { EnginesConfig } from './config.ts';

/** What is well with an engine, or not. */
export interface EngineFinding {
  ok: boolean;
  what: string;
  /** How to mend it, or what to know. */
  hint?: string;
}

/**
 * Examines those configured cluster engines that a first call does not tell enough of; changes nothing that lasts. Never
 * rejects: what fails is a finding.
 */
export async function checkEngines(
  { rabbitmq }: EnginesConfig,
  parts: { clock: Clock; random: Random },
): Promise<EngineFinding[]> {
  if (rabbitmq === undefined) return [];
  const { checkRabbitmq } = await import('@chasqui/rabbitmq');
  return checkRabbitmq({ config: rabbitmq, ...parts });
}
