const WORDS = 2_000;
const VARIANTS = 256;
const SYLLABLES = ['ka', 'lo', 'mi', 'ren', 'sa', 'tu', 'ver', 'no', 'pel', 'du', 'fi', 'gra', 'hu', 'jo', 'wen'];

/** Texts of exactly `bytes` ASCII characters, of 2,000 words of two to four syllables: a realistic load for search. */
export function sampleTexts(bytes: number): string[] {
  const words = Array.from({ length: WORDS }, (_, index) => word(index));
  let next = 1;
  const random = () => {
    next = (next * 48_271) % 2_147_483_647;
    return next;
  };
  return Array.from({ length: VARIANTS }, () => {
    let text = '';
    while (text.length < bytes) text += `${words[random() % WORDS]} `;
    return `${text.slice(0, bytes - 1)}.`;
  });
}

function word(index: number): string {
  const n = SYLLABLES.length;
  const parts = [index % n, Math.floor(index / n) % n, Math.floor(index / n ** 2) % n];
  return parts.map((part) => SYLLABLES[part]).join('') + (index % 3 === 0 ? SYLLABLES[index % n] : '');
}
