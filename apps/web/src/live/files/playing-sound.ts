let playing: HTMLMediaElement | undefined;

/** Only one sound of the page plays: the former one pauses. */
export function playAlone(sound: HTMLMediaElement): void {
  if (playing !== sound) playing?.pause();
  playing = sound;
  // A browser that does not let it play pauses it again, which the player shows.
  sound.play().catch(() => undefined);
}
