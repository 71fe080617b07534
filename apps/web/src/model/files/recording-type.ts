/** Browsers record some of these; the first is taken. All play in every current browser but the last ones. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus', 'audio/webm'];
const ENDINGS: { [type: string]: string } = { 'audio/webm': 'webm', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' };

/** The type to record a voice in; undefined: this browser records none. */
export function recordingType(isSupported: (type: string) => boolean): string | undefined {
  return TYPES.find(isSupported);
}

/** The file of a recording. Its type has no parameters: those of messages have none. */
export function recordedFile(bytes: Blob, at: Date): File {
  const [type = ''] = bytes.type.split(';');
  const time = at.toISOString().slice(0, 19).replaceAll(/[:T]/g, '-');
  return new File([bytes], `voice-${time}.${ENDINGS[type] ?? 'webm'}`, { type });
}

/** Whether the page's own recorder has made a sound, or another that names its files alike. */
export function isVoice({ name, type }: { name: string; type: string }): boolean {
  return type.startsWith('audio/') && /^voice-[\d-]+\.\w+$/.test(name);
}
