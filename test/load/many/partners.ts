import { mulberry32 } from '../../simulation/random.ts';

/** The number of the user to whom a user writes next. */
export type PartnerChoice = (sender: number) => number;

const SEED = 20_261_130;

/** Anybody else, each as likely as the other. Repeats exactly. */
export function anybody(users: number): PartnerChoice {
  const random = mulberry32(SEED);
  return (sender) => (sender + 1 + Math.floor(random() * (users - 1))) % users;
}

/**
 * Anybody else, by Zipf's law: the most popular user twice as likely as the second, and so on. The most popular have the
 * highest numbers, as they are the last to log in. Repeats exactly.
 */
export function popular(users: number): PartnerChoice {
  const random = mulberry32(SEED);
  const upTo = new Float64Array(users);
  let sum = 0;
  for (let rank = 0; rank < users; rank++) {
    sum += 1 / (rank + 1);
    upTo[rank] = sum;
  }
  return (sender) => {
    const partner = users - 1 - rankOf(upTo, random() * sum);
    return partner === sender ? (partner + 1) % users : partner;
  };
}

/** The first rank whose sum is above the value. */
function rankOf(upTo: Float64Array, value: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((upTo[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
