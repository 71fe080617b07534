import type { Random } from '@chasqui/domain';

/** 120 random bits. */
export function newMessageId(random: Random): string {
  return Array.from({ length: 5 }, () =>
    Math.floor(random() * 2 ** 24)
      .toString(16)
      .padStart(6, '0'),
  ).join('');
}
