import type { Device, PushProvider, PushRegistration, PushTask } from '@chasqui/domain';
import type { TaskFacts } from './task-facts.ts';

/** One task and one device of its receiver; the device id is empty if there is no device. */
export interface Target {
  task: PushTask;
  deviceId: string;
  registration: PushRegistration | null;
}

/** The registration by which the device is best reached, of the configured providers. */
function registrationOf(device: Device, order: readonly PushProvider[]): PushRegistration | null {
  for (const provider of order) {
    const found = device.registrations.find((one) => one.provider === provider);
    if (found !== undefined) return found;
  }
  return null;
}

/** The targets that a task may still concern: devices with a registration and no outcome. */
export function targetsOf(task: PushTask, facts: TaskFacts, order: readonly PushProvider[]): Target[] {
  const ended = new Set(facts.outcomes(task).map(({ deviceId }) => deviceId));
  // An outcome without a device ends the whole task; devices that registered later were not meant.
  if (ended.has('')) return [];
  const registered = facts.devices(task.to).filter(({ registrations }) => registrations.length > 0);
  const targets: Target[] = registered.map((device) => ({
    task,
    deviceId: device.deviceId,
    registration: registrationOf(device, order),
  }));
  if (task.deviceId !== undefined) {
    const [target] = targets.filter(({ deviceId }) => deviceId === task.deviceId);
    return ended.has(task.deviceId) ? [] : [target ?? { task, deviceId: task.deviceId, registration: null }];
  }
  if (targets.length > 0) return targets.filter(({ deviceId }) => !ended.has(deviceId));
  return ended.size > 0 ? [] : [{ task, deviceId: '', registration: null }];
}
