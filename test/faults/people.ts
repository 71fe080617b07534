import type { History } from '../checker/index.ts';
import type { ProcessCluster } from '../cluster/process-cluster.ts';
import { Device } from './device.ts';

/** Longer than any pause between two actions of a user, in ms. */
const MAX_PAUSE_MS = 250;

/** Pairs of users who chat all the time, and connect and disconnect; the first of each pair has two devices. */
export class People implements Disposable {
  readonly users: readonly string[];
  readonly devices: readonly Device[];
  readonly texts: string[] = [];
  readonly #random: () => number;
  #talking = true;

  private constructor(users: string[], devices: Device[], random: () => number) {
    this.users = users;
    this.devices = devices;
    this.#random = random;
  }

  static async invite(cluster: ProcessCluster, history: History, pairs: number, random: () => number) {
    const users = Array.from({ length: pairs * 2 }, (_, n) => `user${n}`);
    const devices: Device[] = [];
    for (const [n, user] of users.entries()) {
      const token = await cluster.token(user);
      for (const deviceId of n % 2 === 0 ? ['phone', 'laptop'] : ['phone']) {
        devices.push(new Device({ user, deviceId, token, urls: cluster.wsUrls, history }));
      }
    }
    for (const device of devices) device.open();
    return new People(users, devices, random);
  }

  /** Sends messages until `stop`. */
  async talk(): Promise<void> {
    await Promise.all(this.devices.map((device) => this.#live(device)));
  }

  stop(): void {
    this.#talking = false;
    for (const device of this.devices) device.open();
  }

  [Symbol.dispose](): void {
    for (const device of this.devices) device.close();
  }

  async #live(device: Device): Promise<void> {
    const number = this.users.indexOf(device.user);
    const peer = this.users[number % 2 === 0 ? number + 1 : number - 1] ?? '';
    while (this.#talking) {
      const dice = this.#random();
      if (device.client === null) {
        if (dice < 0.1) device.open();
      } else if (dice < 0.01) device.close();
      else if (dice < 0.2) device.client.markRead(peer);
      else if (dice < 0.8) this.#say(device, peer);
      await new Promise((resolve) => setTimeout(resolve, this.#random() * MAX_PAUSE_MS));
    }
  }

  /** Each text ends in a unique word, so that search can be asked for it. */
  #say(device: Device, peer: string): void {
    const text = `from ${device.name.replace('/', ' ')} 你好 word${this.texts.length}x`;
    this.texts.push(text);
    device.send(peer, text);
  }
}
