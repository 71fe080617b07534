/**
 * The parts of an ELF file (64-bit, little-endian) that this project reads: the dynamic symbols and the library
 * versions that they require. Sources: the ELF-64 object file format, and "ELF symbol versioning" (Drepper), whose
 * field names are kept.
 */

const SECTION_DYNAMIC_SYMBOLS = 11;
const SECTION_VERSIONS_NEEDED = 0x6ffffffe;
const SECTION_SYMBOL_VERSIONS = 0x6fffffff;
const SYMBOL_BYTES = 24;

interface Section {
  type: number;
  offset: number;
  size: number;
  /** For a symbol table: the index of the section with its names. */
  link: number;
}

/** One dynamic symbol. The `…At` fields are file offsets of bytes that a patch may overwrite. */
export interface DynamicSymbol {
  name: string;
  /** Offset of the name in the string table; the suffix of a name is a valid name too. */
  nameOffset: number;
  nameOffsetAt: number;
  /** The `NeededVersion.index` that the symbol requires. */
  version: number;
  versionAt: number;
}

/** One version of one library that the file requires. */
export interface NeededVersion {
  library: string;
  name: string;
  nameOffset: number;
  /** The classic ELF hash of the name. */
  hash: number;
  index: number;
  /** File offset of the entry: hash (4 bytes), flags (2), index (2), name (4), next (4). */
  at: number;
}

export interface ElfSymbols {
  symbols: DynamicSymbol[];
  needed: NeededVersion[];
}

/** Errors: a plain `Error` when the bytes are not a 64-bit little-endian ELF file with versioned dynamic symbols. */
export function readElfSymbols(file: Buffer): ElfSymbols {
  if (file.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') throw new Error('not a 64-bit little-endian ELF file');
  const sections = readSections(file);
  const find = (type: number): Section => {
    const section = sections.find((candidate) => candidate.type === type);
    if (section === undefined) throw new Error(`the ELF file has no section of type 0x${type.toString(16)}`);
    return section;
  };
  const table = find(SECTION_DYNAMIC_SYMBOLS);
  const names = sections[table.link];
  if (names === undefined) throw new Error('the ELF file has no names for its dynamic symbols');
  const nameAt = (offset: number): string => {
    const start = names.offset + offset;
    return file.toString('latin1', start, file.indexOf(0, start));
  };
  return {
    symbols: readSymbols(file, table, find(SECTION_SYMBOL_VERSIONS), nameAt),
    needed: readNeeded(file, find(SECTION_VERSIONS_NEEDED), nameAt),
  };
}

function readSections(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(0x28));
  const entryBytes = file.readUInt16LE(0x3a);
  const count = file.readUInt16LE(0x3c);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * entryBytes;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
    };
  });
}

function readSymbols(
  file: Buffer,
  table: Section,
  versions: Section,
  nameAt: (offset: number) => string,
): DynamicSymbol[] {
  return Array.from({ length: table.size / SYMBOL_BYTES }, (_, index) => {
    const nameOffsetAt = table.offset + index * SYMBOL_BYTES;
    const versionAt = versions.offset + index * 2;
    const nameOffset = file.readUInt32LE(nameOffsetAt);
    // The top bit of a version only hides the symbol.
    const version = file.readUInt16LE(versionAt) & 0x7fff;
    return { name: nameAt(nameOffset), nameOffset, nameOffsetAt, version, versionAt };
  });
}

function readNeeded(file: Buffer, section: Section, nameAt: (offset: number) => string): NeededVersion[] {
  const needed: NeededVersion[] = [];
  let libraryAt = section.offset;
  for (let next = -1; next !== 0; libraryAt += next) {
    const library = nameAt(file.readUInt32LE(libraryAt + 4));
    let at = libraryAt + file.readUInt32LE(libraryAt + 8);
    for (let left = file.readUInt16LE(libraryAt + 2); left > 0; left--) {
      const nameOffset = file.readUInt32LE(at + 8);
      needed.push({
        library,
        name: nameAt(nameOffset),
        nameOffset,
        hash: file.readUInt32LE(at),
        index: file.readUInt16LE(at + 6),
        at,
      });
      at += file.readUInt32LE(at + 12);
    }
    next = file.readUInt32LE(libraryAt + 12);
  }
  return needed;
}
