/** Languages by their binary code (Java `LanguageCode`); in JSON headers the name travels. */
export const LANGUAGES = [
  'JAVA',
  'CPP',
  'DOTNET',
  'PYTHON',
  'DELPHI',
  'ERLANG',
  'RUBY',
  'OTHER',
  'HTTP',
  'GO',
  'PHP',
  'OMS',
  'RUST',
  'NODE_JS',
] as const

/** Name of a language that clients announce. */
export type Language = (typeof LANGUAGES)[number]

const CODES: ReadonlyMap<string, number> = new Map(LANGUAGES.map((name, code) => [name, code]))

/** The binary code; a name without one travels as OTHER. */
export function languageCode(name: string): number {
  return CODES.get(name) ?? LANGUAGES.indexOf('OTHER')
}

/** The name of a binary code. */
export function languageOfCode(code: number): Language | undefined {
  return LANGUAGES[code]
}

/** The name, where it is one that is known. */
export function knownLanguage(name: string): Language | undefined {
  return CODES.has(name) ? (name as Language) : undefined
}
