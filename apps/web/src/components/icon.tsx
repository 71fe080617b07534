/** SVG paths on a 24×24 grid. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.6c2.1.9 3.5 2.9 3.5 5.4',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4',
  close: 'M6 6l12 12M18 6L6 18',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  send: 'M5 12h13M12 5l7 7-7 7',
  smile: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 10v.01M15 10v.01M8.5 14c1.6 2.2 5.4 2.2 7 0',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  up: 'M12 19V6M6 12l6-6 6 6',
  pin: 'M9 4h6l-1 6 3 3H7l3-3-1-6zM12 13v7',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4',
  'bell-off': 'M6 16V11a6 6 0 0 1 9.5-4.9M18 11v5l1.5 2h-15L6 16M10 20.5h4M4 4l16 16',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
  down: 'M12 5v13M6 12l6 6 6-6',
  out: 'M14 4h5v16h-5M4 12h10M10 8l4 4-4 4',
  window: 'M4 8V5h11v11h-3M9 8h11v11H9z',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
  'tick-open': 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.5 12l2.5 2.5 4.5-5',
  tick: 'M5 12.5l4.5 4.5L19 7',
  'tick-away': 'M3 12.5l4 4L15 8M20 13.5a3 3 0 1 1-3.2-4 2.6 2.6 0 0 0 3.2 4z',
  ticks: 'M2 12.5l4.5 4.5L15.5 7M11.5 16l1 1L22 7',
  'ticks-read': 'M2 12.5l4.5 4.5L15.5 7M11.5 16l1 1L22 7',
  alert: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 16v.01',
  heart: 'M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.2 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z',
  comment: 'M4 5h16v11h-9l-4 4v-4H4z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01',
  forth: 'M9 5l7 7-7 7',
  minus: 'M5 12h14',
  clip: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.5 3.5 0 0 1 5 5L10 17.5a2 2 0 0 1-3-3l7.5-7.5',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  save: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8.5 5v14M15.5 5v14',
  stop: 'M7 7h10v10H7z',
  again: 'M19 12a7 7 0 1 1-2-5M19 4v4h-4',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  place: 'M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  reply: 'M10 5l-6 6 6 6M4 11h9a7 7 0 0 1 7 7v1',
  forward: 'M14 5l6 6-6 6M20 11h-9a7 7 0 0 0-7 7v1',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  moments: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3l3 9M21 12l-9 3M12 21l-3-9M3 12l9-3',
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon: its meaning is in the text beside it or in the label of its parent. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
